//! The README names every command and every option, and every file it points to exists.

use std::fs;
use std::path::Path;
use std::process::Command;

fn root(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// What `palmares … --help` prints.
fn help(command: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_palmares"))
        .env("LC_ALL", "C")
        .args(command)
        .arg("--help")
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// The commands that `palmares --help` lists.
fn commands() -> Vec<String> {
    let help = help(&[]);
    help.lines()
        .skip_while(|line| !line.starts_with("Commands:"))
        .skip(1)
        .take_while(|line| line.starts_with("  "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|word| *word != "help")
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_command_and_option_is_in_the_readme() {
    let readme = root("README.md");
    let commands = commands();
    assert!(commands.len() >= 8, "{commands:?}");
    for command in &commands {
        assert!(
            readme.contains(&format!("`palmares {command}")),
            "palmares {command}"
        );
        let help = help(&[command.as_str()]);
        for word in help.split(|c: char| c.is_whitespace() || c == ',' || c == '[' || c == '=') {
            let is_option = word.starts_with("--")
                && word.len() > 2
                && word[2..]
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c == '-');
            if is_option && word != "--help" {
                assert!(readme.contains(word), "`{word}` of `palmares {command}`");
            }
        }
    }
}

#[test]
fn every_command_has_an_example() {
    for command in commands() {
        let help = help(&[command.as_str()]);
        assert!(
            help.contains("Example"),
            "palmares {command} --help shows no example"
        );
    }
}

#[test]
fn every_fixture_is_listed() {
    let listed = root("fixtures/README.md");
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            let name = entry.file_name().into_string().unwrap();
            assert!(
                listed.contains(&name),
                "fixtures/README.md does not say what {name} shows"
            );
        }
    }
}

/// docs/explain.md shows what the program prints: each block is a command, cut to its first lines.
#[test]
fn what_explain_prints_is_what_its_page_shows() {
    let page = root("docs/explain.md");
    let blocks: Vec<&str> = page
        .split("```console\n$ palmares explain ")
        .skip(1)
        .filter_map(|rest| rest.split_once("\n```").map(|(block, _)| block))
        .collect();
    assert_eq!(blocks.len(), 3);
    for block in blocks {
        let (command, shown) = block.split_once('\n').unwrap();
        let (document, lines) = command.split_once(" | head -").unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_palmares"))
            .env("LC_ALL", "C")
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args(["explain", "--no-config", document])
            .output()
            .unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        let first: Vec<&str> = printed.lines().take(lines.parse().unwrap()).collect();
        assert_eq!(first.join("\n"), shown, "palmares explain {document}");
    }
}

/// docs/premiere-heure.md is an hour that can be lived: its files are written, its commands run, and what they print is what it shows.
#[cfg(unix)]
#[test]
fn a_newcomers_hour_is_as_its_page_tells() {
    let page = root("docs/premiere-heure.md");
    let folder = tempfile::tempdir().unwrap();
    let binary = Path::new(env!("CARGO_BIN_EXE_palmares")).parent().unwrap();
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
    let (mut n_files, mut n_commands) = (0, 0);
    for block in page.split("\n```").skip(1).step_by(2) {
        let (kind, content) = block.split_once('\n').unwrap();
        match kind.split_once(' ') {
            Some((_, file)) => {
                let file = folder.path().join(file);
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(file, format!("{content}\n")).unwrap();
                n_files += 1;
            }
            None if kind == "console" => {
                for step in format!("\n{content}").split("\n$ ").skip(1) {
                    let (command, shown) = step.split_once('\n').unwrap_or((step, ""));
                    let output = Command::new("sh")
                        .args(["-c", &format!("exec 2>&1; {command}")])
                        .current_dir(folder.path())
                        .env("PATH", &path)
                        .env("LC_ALL", "fr_FR.UTF-8")
                        .output()
                        .unwrap();
                    let printed = String::from_utf8(output.stdout).unwrap();
                    assert!(
                        is_shown(shown, &printed),
                        "$ {command}\n{printed}\n--- the page shows\n{shown}"
                    );
                    n_commands += 1;
                }
            }
            None => {}
        }
    }
    assert!(
        n_files >= 2 && n_commands >= 8,
        "{n_files} files, {n_commands} commands"
    );
}

/// Whether a page shows what was printed: line by line, where « … » stands for any lines, and for the seconds that a run took.
#[cfg(unix)]
fn is_shown(shown: &str, printed: &str) -> bool {
    fn lines_match(shown: &[&str], printed: &[&str]) -> bool {
        match (shown, printed) {
            ([], printed) => printed.is_empty(),
            (["…", shown @ ..], printed) => {
                (0..=printed.len()).any(|n| lines_match(shown, &printed[n..]))
            }
            (_, []) => false,
            ([first, shown @ ..], [line, printed @ ..]) => {
                let is_same = match first.split_once("… s") {
                    Some((start, "")) => line.starts_with(start) && line.ends_with(" s"),
                    _ => first == line,
                };
                is_same && lines_match(shown, printed)
            }
        }
    }
    let shown: Vec<&str> = shown.trim_end().lines().collect();
    let printed: Vec<&str> = printed.trim_end().lines().map(str::trim_end).collect();
    lines_match(&shown, &printed)
}
