//! The side that asks: workers are started when they are needed, kept for the next document, and killed when one takes too long.

use std::io::{self, Read, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use palmares::config::{ExpectedAt, Limits};
use palmares::error::ErrorKind;
use palmares::ingest::archive::Listing;
use palmares::ingest::{Archive, Source};
use palmares::message;
use palmares::pipeline::{Delivery, Findings, Identity, Options, Stage};
use palmares::profile::Profile;

use super::exchange::{self, Kind, Origin, Reply, Request, Task};
use super::limits::end_with_children;
use crate::cli::input::rule_of;
use crate::cli::terminal;

/// Frames of a worker that wait to be looked at: enough that it need not wait for each to be.
const FRAMES_AHEAD: usize = 64;

/// How long a worker may take to end before it is killed.
const TO_END: Duration = Duration::from_secs(1);

/// Number of the signal for too much processor time, on Linux and Apple's systems alike.
#[cfg(unix)]
const SIGXCPU: i32 = 24;

/// Workers, as many as there are threads that ask at the same time.
pub(crate) struct Pool {
    idle: Mutex<Vec<Worker>>,
    /// What is known of which documents, other than the options say.
    expected: Vec<ExpectedAt>,
}

/// What a worker said of a document.
#[derive(Debug)]
pub(crate) struct Answer {
    /// What its bytes are.
    pub(crate) identity: Option<Identity>,
    /// The text that the task asks for.
    pub(crate) text: Vec<u8>,
    /// Its records, or why there are none.
    pub(crate) findings: Result<Findings, ErrorKind>,
}

impl Pool {
    /// A pool; no worker is started yet.
    pub(crate) fn new() -> Self {
        Self::expecting(Vec::new())
    }

    /// A pool that knows more of some documents than the options say.
    pub(crate) fn expecting(expected: Vec<ExpectedAt>) -> Self {
        Self {
            idle: Mutex::new(Vec::new()),
            expected,
        }
    }

    /// Starts a worker before there is anything to ask. Where it cannot be started, the first document says so.
    pub(crate) fn start_one(&self) {
        if let Ok(worker) = Worker::start() {
            self.give_back(worker);
        }
    }

    /// Tells all idle workers that nothing more is asked: they end while other work goes on.
    pub(crate) fn dismiss(&self) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        for worker in idle.iter_mut() {
            worker.requests = None;
        }
    }

    /// Reads the document of a source within the limits.
    pub(crate) fn read(
        &self,
        source: &Source,
        options: &Options<'_>,
        observe: &dyn Fn(Stage),
    ) -> Delivery {
        let answer = self.ask(&Task::Read, source, options, observe);
        Delivery {
            identity: answer.identity,
            findings: answer.findings,
        }
    }

    /// What an archive holds; nothing where it cannot be listed within the limits.
    pub(crate) fn list(&self, archive: &Archive, options: &Options<'_>) -> Option<Listing> {
        let source = Source::file(archive.path.clone(), archive.display_path().to_owned());
        let answer = self.ask(&Task::List, &source, options, &|_| {});
        answer.findings.ok()?;
        serde_json::from_slice(&answer.text).ok()
    }

    /// Has a task done within the limits.
    pub(crate) fn ask(
        &self,
        task: &Task,
        source: &Source,
        options: &Options<'_>,
        observe: &dyn Fn(Stage),
    ) -> Answer {
        let mut answer = Answer {
            identity: None,
            text: Vec::new(),
            findings: Ok(Findings::default()),
        };
        if let Err(kind) = self.try_ask(task, source, options, observe, &mut answer) {
            answer.text.clear();
            answer.findings = Err(kind);
        }
        answer
    }

    fn try_ask(
        &self,
        task: &Task,
        source: &Source,
        options: &Options<'_>,
        observe: &dyn Fn(Stage),
        answer: &mut Answer,
    ) -> Result<(), ErrorKind> {
        let (origin, bytes) = Origin::of(source, &options.limits)?;
        let mut request = Request {
            task: task.clone(),
            origin,
            limits: options.limits.clone(),
            expect: rule_of(&self.expected, source).map_or(options.expect, |rule| rule.value),
            ocr: options.ocr,
            assist: options.assist.as_deref().cloned(),
            decisions: (options.decisions.iter())
                .filter(|decision| decision.may_be_of(source.display_path()))
                .cloned()
                .collect(),
            profiles: None,
        };
        let deadline = from_now(options.limits.seconds);
        loop {
            let mut worker = self.take()?;
            request.profiles = worker.profiles_to_send(&options.profiles);
            let asked = worker.send(
                &request,
                bytes.as_ref().map(|bytes| bytes.as_ref().as_slice()),
            );
            let ended = match asked {
                Ok(()) => worker.listen(options, deadline, observe, answer),
                // A worker that is gone is not an error of the document, and its status tells more than a closed pipe.
                Err(_) => Err(End::Itself),
            };
            let Err(end) = ended else {
                worker.n_documents += 1;
                self.give_back(worker);
                return Ok(());
            };
            let was_used = worker.n_documents > 0;
            match worker.bury(end, &options.limits) {
                // What earlier documents left behind may be what was too much, and must not decide on this one.
                ErrorKind::OutOfMemory { .. } if was_used => {
                    answer.identity = None;
                    answer.text.clear();
                    answer.findings = Ok(Findings::default());
                }
                kind => return Err(kind),
            }
        }
    }

    fn take(&self) -> Result<Worker, ErrorKind> {
        loop {
            let idle = self
                .idle
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .pop();
            let Some(mut worker) = idle else {
                return Worker::start().map_err(|error| {
                    ErrorKind::Ended(message!(
                        "it cannot be started: {error}",
                        error = message::of_system(&error)
                    ))
                });
            };
            // One that ended while nobody asked it is not an error of the next document.
            if matches!(worker.child.try_wait(), Ok(None)) {
                return Ok(worker);
            }
        }
    }

    fn give_back(&self, worker: Worker) {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(worker);
    }
}

/// Why a worker is not asked any more.
#[derive(Clone, Copy, Debug)]
enum End {
    /// It took too long.
    Time,
    /// It said more than it may.
    Size,
    /// It said what is no reply.
    Nonsense,
    /// It ended of itself, or was ended.
    Itself,
}

struct Worker {
    child: Child,
    requests: Option<ChildStdin>,
    frames: Receiver<(Kind, Vec<u8>)>,
    last_words: Option<JoinHandle<Option<&'static str>>>,
    profiles: Option<Arc<[Profile]>>,
    n_documents: usize,
}

impl Worker {
    fn start() -> io::Result<Self> {
        let mut command = Command::new(program()?);
        command
            .args(["worker", "--no-config", "--jobs"])
            .arg(rayon::current_num_threads().to_string())
            // By default address space is taken a gigabyte at a time and counted at once: more than a document may have.
            .env("MIMALLOC_ARENA_EAGER_COMMIT", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let (Some(requests), Some(replies), Some(messages)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(io::Error::other("it has no pipes"));
        };
        let (sender, frames) = mpsc::sync_channel(FRAMES_AHEAD);
        thread::Builder::new().spawn(move || {
            let mut replies = io::BufReader::new(replies);
            while let Ok(Some(frame)) = exchange::receive_frame(&mut replies) {
                if sender.send(frame).is_err() {
                    break;
                }
            }
        })?;
        let last_words = thread::Builder::new().spawn(move || last_words(messages))?;
        Ok(Self {
            child,
            requests: Some(requests),
            frames,
            last_words: Some(last_words),
            profiles: None,
            n_documents: 0,
        })
    }

    /// The texts of the profiles, unless the worker has them already.
    fn profiles_to_send(&mut self, profiles: &Arc<[Profile]>) -> Option<Vec<String>> {
        if self
            .profiles
            .as_ref()
            .is_some_and(|known| Arc::ptr_eq(known, profiles))
        {
            return None;
        }
        self.profiles = Some(Arc::clone(profiles));
        Some(
            profiles
                .iter()
                .map(|profile| profile.source.to_string())
                .collect(),
        )
    }

    fn send(&mut self, request: &Request, bytes: Option<&[u8]>) -> io::Result<()> {
        let requests = self.requests.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        exchange::send(requests, request)?;
        if let Some(bytes) = bytes {
            exchange::send_bytes(requests, bytes)?;
        }
        requests.flush()
    }

    /// Hears the worker out.
    fn listen(
        &mut self,
        options: &Options<'_>,
        mut deadline: Option<Instant>,
        observe: &dyn Fn(Stage),
        answer: &mut Answer,
    ) -> Result<(), End> {
        let (mut mentions, mut excerpts) = (Vec::new(), Vec::new());
        let limits = &options.limits;
        let mut is_apart = false;
        let mut room = limits.megabytes * 1_000_000;
        loop {
            let left = deadline.map_or(Duration::MAX, |deadline| {
                deadline.saturating_duration_since(Instant::now())
            });
            let (kind, bytes) = self
                .frames
                .recv_timeout(left)
                .map_err(|error| match error {
                    RecvTimeoutError::Timeout => End::Time,
                    RecvTimeoutError::Disconnected => End::Itself,
                })?;
            room = room.checked_sub(bytes.len() as u64).ok_or(End::Size)?;
            if kind == Kind::Bytes {
                answer.text.extend_from_slice(&bytes);
                continue;
            }
            match serde_json::from_slice(&bytes) {
                Ok(Reply::Stage(stage)) => {
                    // What other programs do for a page or an entry has a time of its own each, which does not count for the rest.
                    let more = match stage {
                        Stage::Recognise => Some(limits.ocr_seconds),
                        Stage::Assist => options.assist.as_ref().map(|assist| assist.seconds),
                        _ => None,
                    };
                    let was_apart = std::mem::replace(&mut is_apart, more.is_some());
                    if is_apart || was_apart {
                        deadline = from_now(limits.seconds + more.unwrap_or_default());
                    }
                    observe(stage);
                }
                Ok(Reply::Identity(identity)) => answer.identity = Some(identity),
                Ok(Reply::Mention(mention, excerpt)) => {
                    mentions.push(*mention);
                    excerpts.push(*excerpt);
                }
                Ok(Reply::Done {
                    record,
                    rejects,
                    refusal,
                    warnings,
                }) => {
                    answer.findings = Ok(Findings {
                        record: *record,
                        mentions,
                        excerpts,
                        rejects,
                        refusal,
                        warnings,
                    });
                    return Ok(());
                }
                Ok(Reply::Failed(kind)) => {
                    answer.findings = Err(kind);
                    return Ok(());
                }
                Err(_) => return Err(End::Nonsense),
            }
        }
    }

    /// Ends a worker for good, and says what was wrong.
    fn bury(mut self, end: End, limits: &Limits) -> ErrorKind {
        // What ended of itself keeps its own status: its pipes are closed, so it is gone or about to be.
        if !matches!(end, End::Itself) {
            end_with_children(&mut self.child);
        }
        let status = self.child.wait();
        let last_words = self.last_words.take().and_then(|thread| thread.join().ok());
        match end {
            End::Time => out_of_time(limits),
            End::Size => out_of_memory(limits),
            End::Nonsense => ErrorKind::Ended(message!("it answered what is no reply")),
            End::Itself => match status {
                Ok(status) => cause(status, last_words.flatten(), limits),
                Err(error) => ErrorKind::Ended(message::of_system(&error)),
            },
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        // All at once, then one after the other is waited for.
        self.dismiss();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It ends when there is nothing more to ask: whatever watches it, a profiler for one, has its say.
        self.requests = None;
        while self.frames.recv_timeout(TO_END).is_ok() {}
        end_with_children(&mut self.child);
        let _ = self.child.wait();
    }
}

/// The moment some seconds from now, where there is one.
fn from_now(seconds: f64) -> Option<Instant> {
    let time = Duration::try_from_secs_f64(seconds).ok()?;
    Instant::now().checked_add(time)
}

/// This program. Where it was removed or a newer one was installed in its place, Linux still has what runs, under a name that nothing else can stand
/// behind (and that a profiler takes for itself).
fn program() -> io::Result<std::path::PathBuf> {
    let path = std::env::current_exe()?;
    if cfg!(target_os = "linux") && !path.exists() {
        return Ok("/proc/self/exe".into());
    }
    Ok(path)
}

/// What the standard library says, before it aborts, when there is no memory for what is asked.
const NO_MEMORY: &str = "memory allocation of";
/// What it says when calls are nested deeper than a thread has room for.
const NO_STACK: &str = "has overflowed its stack";

/// Which of the two a worker said on standard error. All that it says is passed on where a person asked for such things.
fn last_words(mut messages: impl Read) -> Option<&'static str> {
    let is_asked_for = std::env::var_os("RUST_BACKTRACE").is_some();
    let mut heard = None;
    // What was read before is looked at again, for the words may come in two parts.
    let (mut buffer, mut kept) = ([0; 1024], 0);
    while let Some(room) = buffer.get_mut(kept..)
        && let Ok(length @ 1..) = messages.read(room)
    {
        let said = buffer.get(..kept + length).unwrap_or_default();
        if is_asked_for {
            let new = said.get(kept..).unwrap_or_default();
            terminal::tell(String::from_utf8_lossy(new).trim_end_matches('\n'));
        }
        let text = String::from_utf8_lossy(said);
        heard = [NO_MEMORY, NO_STACK]
            .into_iter()
            .find(|words| text.contains(words))
            .or(heard);
        let end = kept + length;
        kept = end.min(NO_MEMORY.len().max(NO_STACK.len()));
        buffer.copy_within(end - kept..end, 0);
    }
    heard
}

/// Why a worker ended, from its status and what it said last.
fn cause(status: ExitStatus, last_words: Option<&str>, limits: &Limits) -> ErrorKind {
    if last_words == Some(NO_MEMORY) {
        return out_of_memory(limits);
    }
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;
        // The system's own limit on processor time, behind the watch.
        if status.signal() == Some(SIGXCPU) {
            return out_of_time(limits);
        }
    }
    if last_words == Some(NO_STACK) {
        return ErrorKind::Ended(message!("stack overflow"));
    }
    ErrorKind::Ended(message::verbatim(status.to_string()))
}

fn out_of_time(limits: &Limits) -> ErrorKind {
    ErrorKind::OutOfTime {
        seconds: limits.seconds,
    }
}

fn out_of_memory(limits: &Limits) -> ErrorKind {
    ErrorKind::OutOfMemory {
        megabytes: limits.megabytes,
    }
}
