//! What `palmares run` keeps from the runs before: decisions of people, and ids.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use palmares::decisions::{self, Act, Decision};
use palmares::diagnostic::Diagnostic;
use palmares::link::{self, Registry};
use palmares::message;
use palmares::message::{Message, verbatim};

use super::{Because, Global, Usage};

/// The table that is read where none is named.
const DECISIONS: &str = "decisions.csv";

/// Where a run notes the ids that it gave, in its output folder.
pub(crate) const REGISTRY: &str = "registry.ndjson";

/// The table of decisions, and what it says.
#[derive(Default)]
pub(crate) struct Decided {
    path: PathBuf,
    pub(crate) decisions: Arc<[Decision]>,
}

/// Where the table of decisions is: the one that is named, the one of the configuration, or the one that lies here.
pub(crate) fn table_of_decisions(named: Option<&Path>, global: &Global) -> PathBuf {
    let named = named.or(global.config.decisions.as_deref());
    named.unwrap_or(Path::new(DECISIONS)).to_owned()
}

/// Reads the table of decisions that is named, or the one that lies here.
pub(crate) fn read_decisions(named: Option<&Path>, global: &Global) -> anyhow::Result<Decided> {
    let path = table_of_decisions(named, global);
    if named.is_none() && global.config.decisions.is_none() && !path.is_file() {
        return Ok(Decided::default());
    }
    let bytes =
        fs::read(&path).because(|| message!("cannot read `{path}`", path = path.display()))?;
    match decisions::read(&bytes) {
        Ok(decisions) => Ok(Decided {
            decisions: decisions.into(),
            path,
        }),
        Err(faults) => Err(faulty(&path, faults, &|fault, hint| {
            global.error(fault, hint);
        })),
    }
}

/// A table that cannot be followed: its first fault; `say` is told the others.
pub(crate) fn faulty(
    path: &Path,
    faults: Vec<decisions::Fault>,
    say: &dyn Fn(Message, Option<Message>),
) -> anyhow::Error {
    let told = |fault: &decisions::Fault| {
        message!(
            "`{path}`, line {line}: {message}",
            path = path.display(),
            line = fault.line,
            message = fault.message.clone()
        )
    };
    let mut faults = faults.into_iter();
    let Some(first) = faults.next() else {
        return Usage::from(message!("cannot read `{path}`", path = path.display())).into();
    };
    for fault in faults {
        say(told(&fault), fault.hint);
    }
    let hint = first.hint.clone();
    Usage::new(
        told(&first),
        hint.unwrap_or_else(|| message!("docs/decisions.md tells of its columns")),
    )
    .into()
}

/// Reads the ids of the run that wrote a folder; none, where none did.
pub(crate) fn read_registry(folder: &Path) -> anyhow::Result<Registry> {
    let path = folder.join(REGISTRY);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        // What else is wrong with the folder is said where it is made.
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            return Ok(Registry::default());
        }
        Err(error) => {
            return Err(error).because(|| message!("cannot read `{path}`", path = path.display()));
        }
    };
    Registry::read(&text).map_err(|malformed| {
        Usage::new(
            message!(
                "`{path}` is damaged: {reason}",
                path = path.display(),
                reason = verbatim(malformed.to_string())
            ),
            message!("put back the one that was committed, or delete it: then ids begin anew"),
        )
        .into()
    })
}

impl Decided {
    /// What linking is told, among the mentions with these ids; what is of none of them is stale, and said.
    pub(crate) fn pairs(
        &self,
        registry: &Registry,
        ids: &BTreeSet<String>,
        global: &Global,
    ) -> link::Decisions {
        let mut pairs = link::Decisions::default();
        for decision in self.decisions.iter() {
            let into = match decision.act {
                Act::Together => &mut pairs.must_link,
                Act::Apart => &mut pairs.cannot_link,
                Act::Set | Act::Drop | Act::Add => continue,
            };
            let met = |id: &str| -> Vec<String> {
                let of_laureate = registry.mentions_of(id);
                let own = std::iter::once(id.to_owned());
                own.chain(of_laureate)
                    .filter(|id| ids.contains(id))
                    .collect()
            };
            let (record, other) = (met(&decision.record), met(&decision.other));
            for (id, met) in [(&decision.record, &record), (&decision.other, &other)] {
                if met.is_empty() {
                    let told = message!(
                        "the decision of line {line} waits: no mention of this run is `{id}` or of it",
                        line = decision.line,
                        id = id.clone()
                    );
                    global.diagnostic(&self.path.display().to_string(), &Diagnostic::note(told));
                }
            }
            // Of two laureates all mentions are apart; one of each is enough to bring them together.
            let n = if decision.act == Act::Together {
                1
            } else {
                usize::MAX
            };
            for a in record.iter().take(n) {
                into.extend(other.iter().take(n).map(|b| (a.clone(), b.clone())));
            }
        }
        pairs
    }

    /// Says how many decisions are of documents that were not read.
    pub(crate) fn tell_unread(&self, read: &BTreeSet<&str>, global: &Global) {
        let of_unread = |decision: &&Decision| {
            // Which document an address is of, its own reading tells.
            !decision.act.is_of_pair()
                && !read.contains(decision.document.as_str())
                && !decision.is_of_address()
        };
        let n = self.decisions.iter().filter(of_unread).count();
        if n > 0 {
            let told = message!(
                "{n} {n|decision is|decisions are} of documents that were not read",
                n
            );
            global.diagnostic(&self.path.display().to_string(), &Diagnostic::note(told));
        }
    }
}
