//! The catalogue is whole: every text that the code or the help can say is in it, with the same values, and nothing else is.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use clap::CommandFactory;
use palmares::message::french;

use super::super::Cli;
use super::{by_line, walked};

/// The texts of the source by what they say, each with the names of the values that it is given.
fn of_source() -> BTreeMap<String, Vec<(PathBuf, BTreeSet<String>)>> {
    let mut texts: BTreeMap<String, Vec<(PathBuf, BTreeSet<String>)>> = BTreeMap::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs")
                && !path.ends_with("tests.rs")
            {
                let source = fs::read_to_string(&path).unwrap();
                let code = source.split("\n#[cfg(test)]\n").next().unwrap_or_default();
                let code: Vec<&str> = code
                    .lines()
                    .filter(|line| !line.trim_start().starts_with("//"))
                    .collect();
                for (text, names) in said_by(&code.join("\n")) {
                    texts.entry(text).or_default().push((path.clone(), names));
                }
            }
        }
    }
    texts
}

/// The texts that `message!` and `word!` are given, with the names of their values.
fn said_by(code: &str) -> Vec<(String, BTreeSet<String>)> {
    let mut said = Vec::new();
    for start in ["message!(", "word!("] {
        for (at, _) in code.match_indices(start) {
            let rest = code[at + start.len()..].trim_start();
            if let Some((text, after)) = literal(rest) {
                said.push((text, names(after)));
            }
        }
    }
    said
}

/// The string literal that a text begins with, and what follows it.
fn literal(code: &str) -> Option<(String, &str)> {
    let mut characters = code.strip_prefix('"')?.char_indices();
    let mut text = String::new();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((text, &code[at + 2..])),
            '\\' => match characters.next()?.1 {
                'n' => text.push('\n'),
                // What follows the end of a line is indentation.
                '\n' => {
                    let indented = characters
                        .clone()
                        .take_while(|(_, c)| c.is_whitespace())
                        .count();
                    characters.by_ref().take(indented).for_each(drop);
                }
                other => text.push(other),
            },
            other => text.push(other),
        }
    }
    None
}

/// The names before `=` or alone, of the arguments up to the parenthesis that closes.
fn names(code: &str) -> BTreeSet<String> {
    let (mut depth, mut names, mut rest, mut start) = (0, BTreeSet::new(), code, true);
    while let Some(character) = rest.chars().next() {
        if let Some((_, after)) = literal(rest) {
            (rest, start) = (after, false);
            continue;
        }
        if start && depth == 0 && (character.is_alphabetic() || character == '_') {
            let end = rest
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            names.insert(rest[..end].to_owned());
            (rest, start) = (&rest[end..], false);
            continue;
        }
        match character {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => break,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => start = true,
            _ => {}
        }
        rest = &rest[character.len_utf8()..];
    }
    names
}

/// The places of a text: the names of its values. What is left is what needs a translation.
fn places(text: &str) -> (BTreeSet<String>, String) {
    let (mut places, mut words, mut rest) = (BTreeSet::new(), String::new(), text);
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        words.push_str(before);
        if let Some(after) = from.strip_prefix("{{").or_else(|| from.strip_prefix("}}")) {
            rest = after;
            continue;
        }
        let place = from.strip_prefix('{').and_then(|from| from.split_once('}'));
        let (place, after) = place.unwrap_or_else(|| panic!("{text}: a brace stands alone"));
        let forms: Vec<&str> = place.split('|').collect();
        assert!(
            matches!(forms.len(), 1 | 3),
            "{text}: {{{place}}} has not two forms"
        );
        places.insert(forms[0].to_owned());
        forms.iter().skip(1).for_each(|form| words.push_str(form));
        rest = after;
    }
    words.push_str(rest);
    (places, words)
}

/// The lines of help, as the catalogue has them.
fn of_help() -> BTreeSet<String> {
    let lines = RefCell::new(BTreeSet::new());
    let mut command = Cli::command();
    command.build();
    let _ = walked(command, &|text| {
        by_line(text, &mut |line| {
            lines.borrow_mut().insert(line.to_owned());
            line.to_owned()
        })
    });
    lines.into_inner()
}

#[test]
fn every_text_of_the_code_is_given_the_values_that_it_names() {
    let texts = of_source();
    assert!(texts.len() > 500, "{}", texts.len());
    for (text, places_said) in &texts {
        for (path, given) in places_said {
            assert_eq!(&places(text).0, given, "{}: {text}", path.display());
        }
    }
}

#[test]
fn both_languages_say_the_same() {
    let said = of_source();
    let help = of_help();
    assert!(help.len() > 100, "{help:?}");
    let is_word = |text: &str| places(text).1.contains(char::is_alphabetic);
    // A name of a value that is no word, such as `N`, is the same in both.
    let needs_help = |line: &&String| line.chars().filter(|c| c.is_alphabetic()).count() > 2;
    let needed: BTreeSet<&String> = (said.keys().filter(|text| is_word(text)))
        .chain(help.iter().filter(needs_help))
        .collect();
    let missing: Vec<_> = needed
        .iter()
        .filter(|text| !french().contains_key(**text))
        .collect();
    assert!(missing.is_empty(), "data/french.toml lacks {missing:#?}");
    let unused: Vec<_> = french()
        .keys()
        // Signs alone may stand otherwise in another language, but need not.
        .filter(|text| !said.contains_key(*text) && !help.contains(*text))
        .collect();
    assert!(
        unused.is_empty(),
        "data/french.toml has what nothing says: {unused:#?}"
    );
    for (english, french) in french() {
        if !help.contains(english) {
            assert_eq!(places(english).0, places(french).0, "{english}");
        }
        // What is indented in one is typed or stands below something, in the other, too.
        let is_indented = |text: &str| text.starts_with("  ");
        assert_eq!(is_indented(english), is_indented(french), "{english}");
    }
}

#[test]
fn texts_are_found_with_the_names_of_their_values() {
    let code = "f(message!(\n  \"a {x} \\\"b\\\" {n|c|d}\",\n x = g(y, \")\"), n)) + word!(\"e\")";
    let expected = [("a {x} \"b\" {n|c|d}", vec!["n", "x"]), ("e", vec![])];
    let found = said_by(code);
    let found: Vec<(&str, Vec<&str>)> = (found.iter())
        .map(|(text, names)| (text.as_str(), names.iter().map(String::as_str).collect()))
        .collect();
    assert_eq!(found, expected);
}
