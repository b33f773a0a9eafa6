//! The command run in a folder of its own.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// A list in the manner of a regional call, in a dozen lines: three entries with labels.
pub(crate) const SAMPLE: &str = "\
Appel à projets Rivages solidaires

3 lauréats ont été sélectionnés.

1. Les Ateliers du Port – La Recyclerie mobile
Territoire : Lorient et Lanester
Public : jeunes sans emploi
Partenaires : Mission locale, Ville de Lorient

2. Association Radio Rivage – Des ondes et des mots
Territoire : Brest
Public : femmes allophones
Partenaires : CCAS, Centre social de Kerbihan

3. Régie de quartier du Moulin – Jardins de saison
Territoire : Vannes
Public : bénéficiaires du RSA
Partenaires : Conseil départemental, Office HLM
";

/// A folder in which the command runs, removed at the end.
pub(crate) struct Workspace {
    folder: tempfile::TempDir,
}

impl Workspace {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder can be made"),
        }
    }

    /// The folder's path.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file, with the folders above it.
    pub(crate) fn write(&self, name: impl AsRef<Path>, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("a file lies in a folder"))
            .expect("folders can be made");
        fs::write(path, content).expect("a file can be written");
        self
    }

    /// Reads a file.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Names in a folder, sorted.
    pub(crate) fn listing(&self, name: &str) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.path().join(name))
            .expect("the folder can be read")
            .map(|entry| {
                entry
                    .expect("an entry can be read")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }

    /// The command, to be run in the folder, without what the environment of the tests would add.
    pub(crate) fn command<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_palmares"));
        command
            .args(arguments)
            .current_dir(self.path())
            .env_remove("RUST_BACKTRACE")
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE")
            .env("LC_ALL", "C")
            .env("COLUMNS", "100")
            .stdin(Stdio::null());
        command
    }

    /// Runs the command.
    pub(crate) fn run<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Ran {
        Ran::from(
            self.command(arguments)
                .output()
                .expect("the command can be run"),
        )
    }

    /// Runs the command with bytes on its standard input.
    pub(crate) fn run_with<S: AsRef<OsStr>>(&self, arguments: &[S], input: &[u8]) -> Ran {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command can be run");
        let mut stdin = child.stdin.take().expect("standard input is piped");
        stdin.write_all(input).expect("the command reads its input");
        drop(stdin);
        Ran::from(child.wait_with_output().expect("the command ends"))
    }
}

/// Holds that a command ended with this code and that its messages say all of these.
#[track_caller]
pub(crate) fn check(ran: &Ran, code: i32, messages: &[&str]) {
    assert_eq!(ran.code, code, "{}", ran.transcript());
    for message in messages {
        assert!(
            ran.stderr.contains(message),
            "no {message:?} in\n{}",
            ran.transcript()
        );
    }
}

/// What a command printed, and how it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    /// Exit code; −1 when a signal ended it.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Ran {
    /// Exit code, output and messages in one text, for a snapshot; the seconds that a run took are left out.
    pub(crate) fn transcript(&self) -> String {
        let stderr: Vec<String> = self
            .stderr
            .lines()
            .map(|line| match (line.rfind(" in "), line.ends_with(" s")) {
                (Some(at), true) => format!("{} in … s", &line[..at]),
                _ => line.to_owned(),
            })
            .collect();
        format!(
            "exit code {}\n--- stdout\n{}\n--- stderr\n{}\n",
            self.code,
            self.stdout.trim_end(),
            stderr.join("\n")
        )
    }

    /// Standard output as JSON Lines.
    pub(crate) fn records(&self) -> Vec<serde_json::Value> {
        self.stdout
            .lines()
            .map(|line| serde_json::from_str(line).expect("each line is a JSON value"))
            .collect()
    }
}
