//! `palmares teach --interactive`: lines are shown with numbers, values picked of them, and the profile is written once a person finds right what it would
//! read. Everything is said on standard error by lines, and answers come from standard input, whatever that is; where they end before, nothing is written.

use std::collections::BTreeMap;
use std::io::{self, BufRead, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use palmares::config::{Limits, PROFILES_FOLDER};
use palmares::error::ErrorKind;
use palmares::ingest::Source;
use palmares::message;
use palmares::message::{Message, list, verbatim};
use palmares::pipeline::Options;
use palmares::profile::Example;
use palmares::teach::{Lesson, Printed, Refusal, Taught};
use palmares::word;

use super::super::global::Format;
use super::super::terminal;
use super::super::told::of_json;
use super::super::worker::Task;
use super::super::{Because, CLEAN, FINDINGS, Global, MISUSE, Pool, Usage};
use super::pages::{Answer, Pages, Row};
use super::{Args, ask, free, kebab, refused, report, values_of, write};

/// Why a dialogue is over without a profile.
enum Ended {
    /// There are no more answers.
    Unanswered,
    /// The person left.
    Left,
    /// The document could not be read.
    Unread(ErrorKind),
    /// Nothing can be learnt of it.
    Refused(Refusal),
    /// Something could not be done.
    Failed(anyhow::Error),
}

impl From<anyhow::Error> for Ended {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

/// What a person finds of the entries that would be read.
#[derive(Clone, Copy)]
enum Verdict {
    More,
    Fewer,
    Right,
}

/// What may be answered to how the entries are: its word, and a sign for it.
const VERDICTS: [(&str, &str, Verdict); 3] = [
    (word!("more"), "+", Verdict::More),
    (word!("fewer"), "-", Verdict::Fewer),
    (word!("right"), "=", Verdict::Right),
];

/// Holds that there can be a dialogue.
pub(super) fn ensure_spoken(files: &[PathBuf], global: &Global) -> anyhow::Result<()> {
    if global.format == Format::Json {
        return Err(Usage::new(
            message!("`--interactive` speaks to a person, not to a program"),
            message!("leave out `--format json`, or show a laureate with `--name`"),
        )
        .into());
    }
    if files.iter().any(|file| file == Path::new("-")) {
        return Err(Usage::new(
            message!("answers come from standard input, so the document cannot"),
            message!("save it into a file, and name that"),
        )
        .into());
    }
    Ok(())
}

/// Holds the dialogue, and writes what comes of it.
pub(super) fn hold(
    args: &Args,
    source: &Source,
    lesson: Lesson,
    global: &Global,
) -> anyhow::Result<ExitCode> {
    let path = source.display_path();
    let mut dialogue = Dialogue {
        pool: Pool::new(),
        source,
        limits: &global.config.limits,
        global,
        input: io::stdin().lock(),
    };
    match dialogue.profile(args, lesson) {
        Ok(file) => {
            let written = message!("written to {file}", file = file.display());
            global.print(&global.in_words(&written))?;
            if global.config_file.is_none() {
                global.note(&message!(
                    "there is no `palmares.toml` here: name the profile with `--profile {file}`",
                    file = file.display()
                ));
            }
            Ok(ExitCode::from(CLEAN))
        }
        Err(Ended::Unanswered) => Err(Usage::new(
            message!("the answers end before a profile is agreed on: nothing is written"),
            message!(
                "answer on a terminal; without a person, give `--name \"…\"` and `--project \"…\"`"
            ),
        )
        .into()),
        Err(Ended::Left) => {
            dialogue.tell(&message!("nothing is written"));
            Ok(ExitCode::from(MISUSE))
        }
        Err(Ended::Unread(kind)) => {
            global.failed(path, &kind);
            Ok(ExitCode::from(FINDINGS))
        }
        Err(Ended::Refused(refusal)) => {
            let (message, hint) = refused(&refusal, path);
            global.error(message, Some(hint));
            Ok(ExitCode::from(FINDINGS))
        }
        Err(Ended::Failed(error)) => Err(error),
    }
}

struct Dialogue<'a> {
    pool: Pool,
    source: &'a Source,
    limits: &'a Limits,
    global: &'a Global,
    input: io::StdinLock<'static>,
}

impl Dialogue<'_> {
    /// The file of the profile that was agreed on.
    fn profile(&mut self, args: &Args, mut lesson: Lesson) -> Result<PathBuf, Ended> {
        let lines = self.lines()?;
        if lines.is_empty() {
            return Err(Ended::Refused(Refusal::NoText));
        }
        let mut pages = Pages::new(lines.into_iter().map(Row::from).collect());
        self.tell(&verbatim(self.source.display_path()));
        self.tell_all(&pages.more());
        self.help();
        lesson.examples.push(self.example(&mut pages)?);
        // The first example has to be one: of the others, what is refused is left out again.
        let mut taught = loop {
            match self.learn(&lesson)? {
                Some(taught) => break taught,
                None => lesson.examples = vec![self.example(&mut pages)?],
            }
        };
        loop {
            self.tell(&verbatim(
                report(&taught, self.global.voice.language).trim_end(),
            ));
            let mut other = lesson.clone();
            match self.verdict()? {
                Verdict::More => other.examples.push(self.example(&mut pages)?),
                Verdict::Fewer => other.not.extend(self.denied(&taught)?),
                Verdict::Right => break,
            }
            if let Some(better) = self.learn(&other)? {
                (lesson, taught) = (other, better);
            }
        }
        let file = self.file(args, &lesson.name)?;
        let name = kebab(&file.file_stem().unwrap_or_default().to_string_lossy());
        if name != lesson.name {
            lesson.name = name;
            taught = self.learn(&lesson)?.unwrap_or(taught);
        }
        write(&file, &taught)?;
        Ok(file)
    }

    /// The document's lines.
    fn lines(&self) -> Result<Vec<Printed>, Ended> {
        let options = Options {
            limits: self.limits.clone(),
            profiles: Vec::new().into(),
            ..Options::default()
        };
        let answer = (self.pool).ask(&Task::Lines, self.source, &options, &|_| {});
        answer.findings.map_err(Ended::Unread)?;
        serde_json::from_slice(&answer.text)
            .map_err(|error| Ended::Unread(ErrorKind::Parser(of_json(&error))))
    }

    /// What is learnt, or nothing where it is refused, which is said.
    fn learn(&self, lesson: &Lesson) -> Result<Option<Taught>, Ended> {
        let learnt = ask(&self.pool, self.source, self.limits, lesson.clone());
        Ok(match learnt.map_err(Ended::Unread)? {
            Ok(taught) => Some(taught),
            Err(refusal) => {
                let (message, hint) = refused(&refusal, self.source.display_path());
                self.global.error(message, Some(hint));
                self.tell(&message!("the last answers are left out again"));
                None
            }
        })
    }

    /// The values of one laureate.
    fn example(&mut self, pages: &mut Pages) -> Result<Example, Ended> {
        loop {
            let mut values = BTreeMap::new();
            for (field, question) in [
                ("name", message!("name of a laureate (`0`: not printed):")),
                ("project", message!("its project (`0`: none):")),
                ("territory", message!("its territory (`0`: none):")),
            ] {
                if field == "territory" && values.is_empty() {
                    break;
                }
                if let Some(value) = self.pick(pages, &question, Pages::value)? {
                    values.insert(field.to_owned(), value);
                }
            }
            if !values.is_empty() {
                return Ok(Example { values });
            }
            self.tell(&message!("a laureate has a name or a project: pick one"));
        }
    }

    /// What is no entry, of those that would be read.
    fn denied(&mut self, taught: &Taught) -> Result<Vec<String>, Ended> {
        let rows = taught
            .first
            .iter()
            .chain(&taught.others)
            .filter_map(|entry| {
                let value = entry.values.get("name").or(entry.values.get("project"))?;
                Some(Row::of(values_of(entry), value.clone()))
            });
        let mut pages = Pages::new(rows.collect());
        self.tell_all(&pages.more());
        let question = message!("which are none, by number (`0`: all are):");
        Ok(self
            .pick(&mut pages, &question, Pages::values)?
            .unwrap_or_default())
    }

    /// Asks until something of the lines is picked, or nothing.
    fn pick<T>(
        &mut self,
        pages: &mut Pages,
        question: &Message,
        picked: impl Fn(&Pages, &str) -> Result<T, Message>,
    ) -> Result<Option<T>, Ended> {
        loop {
            let typed = self.answer(question)?;
            match Answer::of(&typed) {
                Answer::More => self.tell_all(&pages.more()),
                Answer::Back => self.tell_all(&pages.back()),
                Answer::Search(words) => self.tell_all(&pages.search(words)),
                Answer::Help => self.help(),
                Answer::Nothing => return Ok(None),
                Answer::Picked(text) => match picked(pages, text) {
                    Ok(value) => return Ok(Some(value)),
                    Err(message) => self.tell(&message),
                },
            }
        }
    }

    fn verdict(&mut self) -> Result<Verdict, Ended> {
        let language = self.global.voice.language;
        let question = message!("more, fewer, right?");
        loop {
            let typed = self.answer(&question)?.trim().to_lowercase();
            let is_meant = |word: &str, sign: &str| {
                let told = language.translated(word);
                !typed.is_empty() && (told.starts_with(&typed) || word == typed || sign == typed)
            };
            if let Some((.., verdict)) =
                VERDICTS.iter().find(|(word, sign, _)| is_meant(word, sign))
            {
                return Ok(*verdict);
            }
            self.tell(&message!("`more` (or `+`): one is missing, and you show it; `fewer` (or `-`): some are no laureates, and you say which; `right` (or `=`): write the profile"));
        }
    }

    /// Where the profile goes: a file that is not there yet.
    fn file(&mut self, args: &Args, name: &str) -> Result<PathBuf, Ended> {
        if let Some(file) = &args.output {
            return Ok(file.clone());
        }
        let config = self.global.config_file.as_deref();
        let home = config.and_then(Path::parent).unwrap_or(Path::new(""));
        let proposed = free(&home.join(PROFILES_FOLDER), name);
        let question = message!(
            "file of the profile (Enter: {file}):",
            file = proposed.display()
        );
        loop {
            let typed = self.answer(&question)?;
            let file = match typed.trim() {
                "" => proposed.clone(),
                typed => PathBuf::from(typed),
            };
            if !file.exists() {
                return Ok(file);
            }
            let there = message!("`{file}` is there already", file = file.display());
            self.tell(&there);
        }
    }

    /// What is typed after a question; `q` leaves.
    fn answer(&mut self, question: &Message) -> Result<String, Ended> {
        // Nobody types more: what is longer is no answer.
        const LONGEST: u64 = 1 << 16;
        terminal::ask(&self.global.in_words(question));
        let mut typed = Vec::new();
        (self.input.by_ref().take(LONGEST))
            .read_until(b'\n', &mut typed)
            .because(|| message!("cannot read the answers"))?;
        if typed.is_empty() {
            terminal::tell("");
            return Err(Ended::Unanswered);
        }
        let typed = String::from_utf8_lossy(&typed).trim_end().to_owned();
        if !self.input.is_terminal() {
            // What is not typed on a terminal is not seen there.
            terminal::tell(&terminal::one_line(&typed));
        }
        if typed.trim() == "q" {
            return Err(Ended::Left);
        }
        Ok(typed)
    }

    fn help(&self) {
        self.tell(&message!("answer with a number, with a number and words of its line, or with words as printed; Enter shows more lines, `<` goes back, `/words` searches, `?` says this again, `q` quits"));
    }

    fn tell(&self, message: &Message) {
        terminal::tell(&self.global.in_words(message));
    }

    fn tell_all(&self, messages: &[Message]) {
        let told = list(messages.iter().cloned(), "\n");
        self.tell(&message!("{told}", told));
    }
}
