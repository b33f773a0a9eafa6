//! The progress bar: documents done of all, and the stage that one of them is in. On standard error, and only where a person is watching.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use palmares::message::Language;
use palmares::pipeline::{Event, Stage};
use palmares::word;

use super::{Global, terminal};

/// Redraws a second: fewer would stutter, more would cost time.
const REDRAWS: u8 = 12;

/// A bar, or nothing where it is not wanted.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    language: Language,
}

impl Progress {
    /// A bar over this many documents.
    pub(crate) fn new(global: &Global, n_documents: usize) -> Self {
        let bar = global.progress.then(|| {
            let style = ProgressStyle::with_template("{bar:24} {pos}/{len} {wide_msg}")
                .expect("the template is constant")
                .progress_chars("█▌░");
            let target = ProgressDrawTarget::stderr_with_hz(REDRAWS);
            ProgressBar::with_draw_target(Some(n_documents as u64), target).with_style(style)
        });
        Self {
            bar,
            language: global.voice.language,
        }
    }

    /// Shows what happens.
    pub(crate) fn show(&self, event: Event<'_>) {
        let Some(bar) = &self.bar else { return };
        match event {
            Event::Stage(_, path, stage) => {
                let doing = match stage {
                    Stage::Ingest => word!("opening"),
                    Stage::Parse => word!("reading"),
                    Stage::Recognise => word!("reading the picture of a page of"),
                    Stage::Segment => word!("finding entries in"),
                    Stage::Extract => word!("finding values in"),
                    Stage::Assist => word!("asking the program of [assist] about"),
                    Stage::Validate => word!("checking"),
                };
                let doing = self.language.translated(doing);
                bar.set_message(format!("{doing} {}", terminal::one_line(path)));
            }
            Event::Done(_) => bar.inc(1),
        }
    }

    /// Lets messages be written without the bar in between.
    pub(crate) fn aside(&self, write: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
