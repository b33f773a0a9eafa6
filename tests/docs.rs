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
