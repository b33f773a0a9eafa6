//! `palmares teach`: one laureate shown, all read; and each kind of mistake, which writes nothing.

#[expect(dead_code, reason = "other tests of the command use the rest")]
mod workspace;

use std::fmt::Write;

use workspace::{Workspace, check};

/// Lines of one form that no rule of the general reading knows, between others: the first half or the second.
fn list(laureates: &[(&str, &str)]) -> String {
    let mut text = String::from(
        "La nuit des ateliers du canal\n\nCette année encore, la halle était pleine.\n\n",
    );
    for (number, (name, project)) in laureates.iter().enumerate() {
        let place = number + 1;
        let _ = write!(
            text,
            "Place {place} ~ {name} >> {project}

"
        );
    }
    text.push_str("La halle rouvre en mars. Le plan d’accès est affiché à la gare.\n");
    text
}

const FIRST: [(&str, &str); 5] = [
    ("Le Sabot vert", "Un verger pour la rue des Lices"),
    ("Les Rameurs du soir", "Barques à louer pour une heure"),
    ("Maille après maille", "Tricoter au foyer des anciens"),
    ("Le Grenier sonore", "Écouter les récits de la vallée"),
    ("Trois petits ponts", "Réparer les passerelles du bief"),
];
const SECOND: [(&str, &str); 4] = [
    ("La Cabane à lire", "Des livres devant la piscine"),
    ("Les Mains de terre", "Un four pour les potiers"),
    ("Au fil du quai", "Laver le linge des bateliers"),
    ("Le Clou rouillé", "Prêter les outils du village"),
];

/// Values of the mentions of a document.
fn read(workspace: &Workspace, file: &str) -> Vec<(String, String)> {
    let ran = workspace.run(&["extract", file, "--profile", "profiles/ateliers.toml"]);
    ran.stdout
        .lines()
        .map(|line| {
            let mention: serde_json::Value = serde_json::from_str(line).unwrap();
            let of = |field: &str| mention[field].as_str().unwrap_or_default().to_owned();
            (of("name"), of("project"))
        })
        .collect()
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter()
        .map(|(name, project)| ((*name).to_owned(), (*project).to_owned()))
        .collect()
}

/// Teaches a profile by the first of the entries.
#[track_caller]
fn teach(workspace: &Workspace, file: &str) {
    let (name, project) = FIRST[0];
    let ran = workspace.run(&[
        "teach",
        file,
        "--name",
        name,
        "--project",
        project,
        "-o",
        "profiles/ateliers.toml",
    ]);
    check(&ran, 0, &[]);
}

/// The profile that was written reads both lists, and its examples.
#[track_caller]
fn reads_both(workspace: &Workspace) {
    assert_eq!(read(workspace, "premiere.txt"), pairs(&FIRST));
    assert_eq!(read(workspace, "seconde.txt"), pairs(&SECOND));
    let checked = workspace.run(&[
        "profile",
        "check",
        "profiles/ateliers.toml",
        "--on",
        "premiere.txt",
    ]);
    check(&checked, 0, &[]);
}

#[test]
fn a_profile_taught_on_one_half_reads_the_other() {
    let workspace = Workspace::new();
    workspace
        .write("premiere.txt", list(&FIRST))
        .write("seconde.txt", list(&SECOND));
    let ran = workspace.run(&[
        "teach",
        "premiere.txt",
        "--name",
        "LES RAMEURS  du soir",
        "--project",
        "barques à louer pour une heure",
        "-o",
        "profiles/ateliers.toml",
    ]);
    check(&ran, 0, &[]);
    for told in [
        "Les Rameurs du soir",
        "line 7",
        "5 entries",
        "written to profiles/ateliers.toml",
    ] {
        assert!(ran.stdout.contains(told), "{told}: {}", ran.stdout);
    }
    reads_both(&workspace);
    let profile = workspace.read("profiles/ateliers.toml");
    assert!(profile.contains("[[example]]"), "{profile}");
}

#[test]
fn an_example_that_is_not_read_any_more_is_a_finding() {
    let workspace = Workspace::new();
    workspace
        .write("premiere.txt", list(&FIRST))
        .write("seconde.txt", list(&SECOND));
    teach(&workspace, "premiere.txt");
    let checked = workspace.run(&[
        "profile",
        "check",
        "profiles/ateliers.toml",
        "--on",
        "seconde.txt",
    ]);
    assert_eq!(checked.code, 1);
    assert!(
        checked.stdout.contains("example 1 is not read"),
        "{}",
        checked.stdout
    );
}

#[test]
fn profiles_beside_the_configuration_are_used_without_being_told() {
    let workspace = Workspace::new();
    workspace
        .write("palmares.toml", "")
        .write("raw/premiere.txt", list(&FIRST));
    teach(&workspace, "raw/premiere.txt");
    workspace.run(&["run"]);
    assert_eq!(
        workspace.read("extracted/mentions.ndjson").lines().count(),
        FIRST.len()
    );
    assert!(
        workspace
            .read("extracted/documents.ndjson")
            .contains("\"profile\":\"ateliers\"")
    );
    let listed = workspace.run(&["teach", "--list", "profiles", "raw"]);
    assert!(
        listed.stdout.contains("ateliers.toml: needed for"),
        "{}",
        listed.stdout
    );
}

#[test]
fn what_is_said_to_be_none_is_none() {
    let workspace = Workspace::new();
    let text = list(&[&FIRST[..], &[("Le Clou rouillé", "Prêter les outils")]].concat());
    workspace.write("premiere.txt", text);
    let ran = workspace.run(&[
        "teach",
        "premiere.txt",
        "--name",
        "Le Sabot vert",
        "--project",
        "Un verger pour la rue des Lices",
        "--not",
        "Le Clou rouillé",
        "-o",
        "profiles/ateliers.toml",
    ]);
    check(&ran, 0, &[]);
    assert_eq!(read(&workspace, "premiere.txt"), pairs(&FIRST));
}

#[test]
fn lines_of_a_paragraph_may_each_say_something_else() {
    let workspace = Workspace::new();
    let mut text = String::from("# La nuit des ateliers\n\nVoici les lauréats.\n");
    for (name, project) in FIRST {
        let _ = write!(text, "\n> {project}\n> {name}\n> Dole\n");
    }
    workspace.write("premiere.md", text);
    teach(&workspace, "premiere.md");
    assert_eq!(read(&workspace, "premiere.md"), pairs(&FIRST));
    let profile = workspace.read("profiles/ateliers.toml");
    assert!(
        profile.contains(r#"reads-as = "{project}\n{name}\n{}""#),
        "{profile}"
    );
}

/// Teaches what is refused: nothing is written, and standard error says why.
#[track_caller]
fn refused(text: &str, arguments: &[&str], code: i32, told: &[&str]) {
    let workspace = Workspace::new();
    workspace.write("liste.txt", text);
    let ran = workspace.run(&[&["teach", "liste.txt", "-o", "profil.toml"], arguments].concat());
    check(&ran, code, told);
    assert!(!workspace.path().join("profil.toml").exists());
}

#[test]
fn a_value_that_stands_nowhere_is_told_with_what_is_nearest() {
    refused(
        &list(&FIRST),
        &["--name", "Les Rameurs du matin"],
        1,
        &[
            "not in `liste.txt`: `name` « Les Rameurs du matin »",
            "the nearest text is « Les Rameurs du",
        ],
    );
}

#[test]
fn values_of_two_entries_are_told_apart() {
    refused(
        &list(&FIRST),
        &[
            "--name",
            "Le Sabot vert",
            "--project",
            "Tricoter au foyer des anciens",
        ],
        1,
        &["stand in different entries", "show values of one entry"],
    );
}

#[test]
fn a_document_without_text_is_told() {
    refused("", &["--name", "Le Sabot vert"], 1, &["liste.txt"]);
}

#[test]
fn prose_has_no_form() {
    let prose = "Il pleuvait sur le port quand Aline ouvrit la serre. Personne ne vint avant midi.\n\nLe soir, on rangea les bancs, et chacun rentra par le pont de bois.\n";
    refused(
        prose,
        &["--name", "Aline"],
        1,
        &["has the form of what was shown"],
    );
}

#[test]
fn nothing_shown_is_a_mistake_of_usage() {
    refused(&list(&FIRST), &[], 2, &["no laureate is shown"]);
}

/// A dialogue with these answers, a line each; lines of the list: 1 its title, 2 a sentence, 3 to 7 the laureates, 8 a sentence.
#[track_caller]
fn dialogue(workspace: &Workspace, arguments: &[&str], answers: &[&str], code: i32, told: &[&str]) {
    let mut input = answers.join("\n");
    if !answers.is_empty() {
        input.push('\n');
    }
    let ran = workspace.run_with(
        &[&["teach", "--interactive", "premiere.txt"], arguments].concat(),
        input.as_bytes(),
    );
    check(&ran, code, told);
    assert_eq!(
        ran.stdout.contains("profiles/ateliers.toml"),
        code == 0,
        "{}",
        ran.transcript()
    );
    assert_eq!(
        workspace.path().join("profiles").exists(),
        code == 0,
        "{}",
        ran.transcript()
    );
}

/// The name and the project of the first laureate, and no territory.
const SHOWN: [&str; 3] = ["3 Le Sabot vert", "3 Un verger pour la rue des Lices", "0"];

#[test]
fn a_dialogue_writes_a_profile_that_reads_all() {
    let workspace = Workspace::new();
    workspace
        .write("premiere.txt", list(&FIRST))
        .write("seconde.txt", list(&SECOND));
    dialogue(
        &workspace,
        &[],
        &[&SHOWN[..], &["right", "profiles/ateliers.toml"]].concat(),
        0,
        &[
            "    3  Place 1 ~ Le Sabot vert >> Un verger pour la rue des Lices\n",
            "(lines 1 to 8 of 8)",
            "5 entries, found by",
            "2. name « Les Rameurs du soir »",
            "more, fewer, right? right\n",
            "file of the profile (Enter: profiles/premiere.toml): profiles/ateliers.toml\n",
            "name the profile with `--profile profiles/ateliers.toml`",
        ],
    );
    reads_both(&workspace);
    let profile = workspace.read("profiles/ateliers.toml");
    assert!(profile.contains("name = \"ateliers\""), "{profile}");
}

#[test]
fn more_shows_another_laureate() {
    let workspace = Workspace::new();
    let text = format!(
        "{}\nHors concours ~ La Barque bleue (Passer le bac)\n\nHors concours ~ Le Phare (Veiller la nuit)\n",
        list(&FIRST)
    );
    workspace.write("premiere.txt", text);
    let other = ["9 La Barque bleue", "9 Passer le bac", "0"];
    dialogue(
        &workspace,
        &["-o", "profiles/ateliers.toml"],
        &[&SHOWN[..], &["more"], &other, &["="]].concat(),
        0,
        &["example 2: name « La Barque bleue »"],
    );
    let names: Vec<String> = (read(&workspace, "premiere.txt").into_iter())
        .map(|(name, _)| name)
        .collect();
    for name in ["Le Sabot vert", "Trois petits ponts", "La Barque bleue"] {
        assert!(names.contains(&name.to_owned()), "{name}: {names:?}");
    }
}

#[test]
fn fewer_says_what_is_none() {
    let workspace = Workspace::new();
    let text = list(&[&FIRST[..], &[("Le Clou rouillé", "Prêter les outils")]].concat());
    workspace.write("premiere.txt", text);
    dialogue(
        &workspace,
        &["-o", "profiles/ateliers.toml"],
        &[&SHOWN[..], &["perhaps", "f", "7", "6", "right"]].concat(),
        0,
        &[
            "6 entries",
            "`fewer` (or `-`)",
            "    6  name « Le Clou rouillé », project « Prêter les outils »",
            "there is no line 7: the last is 6",
            "5 entries",
        ],
    );
    assert_eq!(read(&workspace, "premiere.txt"), pairs(&FIRST));
}

#[test]
fn where_answers_end_nothing_is_written() {
    let workspace = Workspace::new();
    workspace.write("premiere.txt", list(&FIRST));
    let ended = [
        "error: the answers end before",
        "hint: answer on a terminal",
    ];
    dialogue(&workspace, &[], &[], 2, &ended);
    dialogue(&workspace, &[], &SHOWN, 2, &ended);
    dialogue(
        &workspace,
        &[],
        &[&SHOWN[..], &["right"]].concat(),
        2,
        &ended,
    );
    dialogue(&workspace, &[], &["3", "q"], 2, &["nothing is written"]);
}

#[test]
fn a_dialogue_goes_on_after_an_answer_that_it_cannot_use() {
    let workspace = Workspace::new();
    workspace.write("premiere.txt", list(&FIRST));
    let answers = [
        "12",
        "3 Les Rameurs",
        "?",
        "<",
        "",
        "/rameurs",
        "",
        "/hélicoptère",
        "0",
        "0",
        // Values of two entries are refused; then the same laureate twice.
        "Le Sabot vert",
        "4 barques à louer pour une heure",
        "0",
        "Le Sabot vert",
        "Un verger pour la rue des Lices",
        "0",
        "+",
        "Le Sabot vert",
        "0",
        "0",
        "=",
    ];
    dialogue(
        &workspace,
        &["-o", "profiles/ateliers.toml"],
        &answers,
        0,
        &[
            "there is no line 12: the last is 8",
            "line 3 does not say « Les Rameurs »",
            "these are the first lines",
            "there are no more lines",
            "    4  Place 2 ~ Les Rameurs du soir",
            "(lines 4 to 8 of 8)",
            "no line says « hélicoptère »",
            "a laureate has a name or a project",
            "stand in different entries",
            "the last answers are left out again",
            "examples 1 and 2 stand in one entry",
        ],
    );
    assert_eq!(read(&workspace, "premiere.txt"), pairs(&FIRST));
}

#[test]
fn a_dialogue_speaks_french_and_steers_no_terminal() {
    let workspace = Workspace::new();
    let text = list(&FIRST).replace("La nuit", "La \u{1b}[31mnuit\u{202e}");
    workspace.write("premiere.txt", text);
    dialogue(
        &workspace,
        &["--lang", "fr", "-o", "profiles/ateliers.toml"],
        &[&["\u{1b}[2J"], &SHOWN[..], &["j"]].concat(),
        0,
        &[
            "1  La [31mnuit des ateliers du canal\n",
            "nom d’un lauréat (`0` : pas imprimé) : \\u001b[2J\n",
            "aucune ligne ne dit « \\u001b[2J »",
            "plus, moins, juste ? j\n",
        ],
    );
}

#[test]
fn what_cannot_be_a_dialogue_is_a_mistake_of_usage() {
    let workspace = Workspace::new();
    workspace
        .write("premiere.txt", list(&FIRST))
        .write("vide.txt", "");
    for (arguments, told) in [
        (
            &["premiere.txt", "--format", "json"][..],
            "not to a program",
        ),
        (&["-"], "the document cannot"),
        (
            &["premiere.txt", "--name", "Le Sabot vert"],
            "--interactive",
        ),
    ] {
        let ran = workspace.run_with(&[&["teach", "--interactive"], arguments].concat(), b"3\n");
        check(&ran, 2, &[told]);
    }
    check(
        &workspace.run(&["teach", "--interactive", "vide.txt"]),
        1,
        &["vide.txt"],
    );
}
