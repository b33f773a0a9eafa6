//! A program run by the shell, within limits: what it reads in, what it writes out.

use std::io::{self, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use super::Failure;
use crate::config::Assist;
use crate::message;
use crate::message::{Message, of_system, verbatim};

/// Bytes of an answer: a few values of an entry are far less.
pub(super) const MOST: usize = 1 << 16;

/// How often one looks whether a program has ended that has said all.
const LOOK: Duration = Duration::from_millis(5);

/// How long one waits for the last words of a program that has ended: what it has started may still hold its standard error.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// Gives a program what it is to read, and takes what it writes.
pub(super) fn run(assist: &Assist, given: Vec<u8>) -> Result<Vec<u8>, Failure> {
    let ended = |error: io::Error| Failure::Ended(of_system(&error));
    let end = (Duration::try_from_secs_f64(assist.seconds).ok())
        .and_then(|time| Instant::now().checked_add(time));
    let mut child = shell(assist).spawn().map_err(ended)?;
    let (Some(mut input), Some(output), Some(messages)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(Failure::Ended(message!("it has no pipes")));
    };
    // These threads are not waited for: what a program starts may hold its pipes for longer than it runs.
    thread::spawn(move || {
        // A program need not read what it is given.
        let _ = input.write_all(&given);
    });
    let (written, said) = (read(output), read(messages));
    let left = || {
        end.map_or(Duration::MAX, |end| {
            end.saturating_duration_since(Instant::now())
        })
    };
    let late = || Failure::OutOfTime(assist.seconds);
    let outcome = match written.recv_timeout(left()) {
        Ok(Ok(answer)) if answer.len() > MOST => Err(Failure::TooLong(MOST)),
        Ok(Ok(answer)) => match status(&mut child, end) {
            Ok(Some(status)) => Ok((answer, status)),
            Ok(None) => Err(late()),
            Err(error) => Err(ended(error)),
        },
        Ok(Err(error)) => Err(ended(error)),
        Err(_) => Err(late()),
    };
    let (answer, status) = outcome.inspect_err(|_| kill(&mut child))?;
    if status.success() {
        return Ok(answer);
    }
    Err(Failure::Ended(how(status, &said)))
}

/// The command as the shell reads it, in the folder of the configuration.
fn shell(assist: &Assist) -> Command {
    let (shell, flag) = if cfg!(windows) {
        ("cmd", "/C")
    } else {
        ("/bin/sh", "-c")
    };
    let mut command = Command::new(shell);
    command
        .args([flag, &assist.command])
        .current_dir(&assist.folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    // What the shell starts is killed with it.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command
}

/// Reads a pipe to its end, or to more than an answer may be.
fn read(pipe: impl Read + Send + 'static) -> Receiver<io::Result<Vec<u8>>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = pipe.take(MOST as u64 + 1).read_to_end(&mut bytes);
        let _ = sender.send(read.map(|_| bytes));
    });
    receiver
}

/// How a program ends that has said all; nothing where it does not in time.
fn status(child: &mut Child, end: Option<Instant>) -> io::Result<Option<ExitStatus>> {
    loop {
        let status = child.try_wait()?;
        if status.is_some() || end.is_some_and(|end| Instant::now() >= end) {
            return Ok(status);
        }
        thread::sleep(LOOK);
    }
}

/// Kills a program with what it has started.
fn kill(child: &mut Child) {
    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    if let Some(group) = i32::try_from(child.id())
        .ok()
        .and_then(rustix::process::Pid::from_raw)
    {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// How a program failed: its status, and the last line that it said.
fn how(status: ExitStatus, said: &Receiver<io::Result<Vec<u8>>>) -> Message {
    let said = said.recv_timeout(LAST_WORDS).ok().and_then(Result::ok);
    let said = String::from_utf8_lossy(said.as_deref().unwrap_or_default()).into_owned();
    let status = verbatim(status.to_string());
    match said.lines().rfind(|line| !line.trim().is_empty()) {
        Some(line) => message!("it failed ({status}): {line}", status, line = line.trim()),
        None => message!("it failed ({status})", status),
    }
}
