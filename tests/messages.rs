//! What people are told, in both languages, as reviewed snapshots; and that records and JSON are the same in each.

#[expect(dead_code, reason = "these tests need a part of it")]
mod workspace;

use serde_json::Value;

use workspace::{Ran, SAMPLE, Workspace, check};

/// What a command says in English, then in French.
#[track_caller]
fn both(workspace: &Workspace, arguments: &[&str]) -> String {
    let say = |language| {
        let ran = workspace.run(&[arguments, &["--lang", language]].concat());
        let transcript = ran.transcript();
        // The seconds of French, as `transcript` leaves out those of English.
        let lines =
            transcript
                .lines()
                .map(|line| match (line.rfind(" en "), line.ends_with(" s")) {
                    (Some(at), true) => format!("{} en … s", &line[..at]),
                    _ => line.to_owned(),
                });
        lines.collect::<Vec<_>>().join("\n")
    };
    let folder = workspace.path().canonicalize().unwrap();
    let told = format!(
        "$ palmares {}\n{}\n\n{}\n",
        arguments.join(" "),
        say("en"),
        say("fr")
    );
    told.replace(&folder.display().to_string(), "DOSSIER")
}

/// A workspace with a list of ten, of which one lacks what the others have.
fn with_a_gap() -> Workspace {
    let workspace = Workspace::new();
    let mut list = String::from("# Dix jardins primés\n\nVoici les dix lauréats.\n");
    for (number, name) in [
        "La Serre",
        "Le Moulin",
        "Les Lices",
        "Le Bief",
        "La Halle",
        "Le Préau",
        "La Grange",
        "Le Lavoir",
        "La Forge",
        "Le Verger",
    ]
    .iter()
    .enumerate()
    {
        let territory = if number == 6 {
            ""
        } else {
            "\nTerritoire : Dole\n"
        };
        let entry = format!(
            "\n## Association {name} – Un jardin pour le quartier {number}\n{territory}\nPublic : habitants\n"
        );
        list.push_str(&entry);
    }
    workspace.write("raw/jardins.md", list);
    workspace
}

#[test]
fn a_run_sums_up() {
    let workspace = Workspace::new();
    workspace
        .write(
            "raw/rivages.txt",
            SAMPLE.replace("3 lauréats", "4 lauréats"),
        )
        .write("raw/vide.pdf", "")
        .write("raw/casse.pdf", "%PDF-1.7\nrien")
        .write(
            "raw/brochure.pptx",
            b"PK\x03\x04\x14\0\0\0ppt/presentation.xml",
        )
        .write("raw/photo.png", b"\x89PNG\r\n\x1a\n");
    insta::assert_snapshot!(both(&workspace, &["run"]));
}

#[test]
fn what_does_not_agree_is_told() {
    insta::assert_snapshot!(both(&with_a_gap(), &["run", "--strict"]));
}

#[cfg(unix)]
#[test]
fn what_a_program_of_the_teams_does_wrong_is_told() {
    let workspace = with_a_gap();
    let told = [
        "echo '{\"territory\": {\"value\": \"Vesoul\", \"lines\": [1]}}'",
        "echo Vesoul",
        "echo no model >&2; exit 3",
        "sleep 9",
        "yes",
    ]
    .map(|command| {
        workspace.write(
            "palmares.toml",
            format!("[assist]\ncommand = '''{command}'''\nseconds = 0.5\n"),
        );
        both(&workspace, &["run"])
    });
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn what_is_too_unsure_is_rejected_in_a_line_with_its_place() {
    let workspace = with_a_gap();
    workspace.write("raw/offres.txt", "Nos postes\n\nAnimatrice, Dole, envoyez votre candidature\n\nJardinier, Gray, envoyez votre candidature\n\nCuisinier, Vesoul, envoyez votre candidature\n");
    insta::assert_snapshot!(both(
        &workspace,
        &["extract", "raw", "--min-confidence", "0.999", "-v"]
    ));
}

#[test]
fn a_run_that_gives_less_says_so() {
    let workspace = with_a_gap();
    workspace.write("b.txt", SAMPLE);
    let told = |language| {
        check(&workspace.run(&["run", "-q"]), 0, &[]);
        workspace.run(&["run", "b.txt", "--lang", language]).stderr
    };
    let (english, french) = (told("en"), told("fr"));
    assert!(
        english.contains("10 laureates of 1 document are replaced by 3 of 1"),
        "{english}"
    );
    assert!(
        french.contains(
            "attention : extracted : 10 lauréats de 1 document sont remplacés par 3 de 1"
        ),
        "{french}"
    );
    insta::assert_snapshot!(both(&Workspace::new(), &["run", "--add", "b.md"]));
}

#[test]
fn a_mistake_in_the_arguments_names_the_nearest_right_one() {
    let workspace = Workspace::new();
    workspace.write("a.txt", SAMPLE);
    let mistakes: [&[&str]; 15] = [
        &["rnu"],
        &["aide"],
        &["run", "--outptu", "x"],
        &["run", "--csv-dialect", "excel"],
        &["schema", "laureat"],
        &["schema"],
        &["profile"],
        &["profile", "chek"],
        &["run", "-j", "0"],
        &["run", "-j", "quatre"],
        &["run", "--min-confidence", "2"],
        &["link", "a.csv", "--threshold", "beaucoup"],
        &["run", "-q", "-v"],
        &["completions", "bash", "zsh"],
        &["teach"],
    ];
    let told: Vec<String> = mistakes
        .iter()
        .map(|arguments| both(&workspace, arguments))
        .collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_mistake_in_a_file_is_told_in_words() {
    let workspace = Workspace::new();
    let mut told = Vec::new();
    for text in [
        "jobs = \"four\"\n",
        "inputs = \"raw\"\n",
        "outptu = 'x'\n",
        "jobs = 0\n",
        "links = 'tous'\n",
        "jobs = \n",
    ] {
        workspace.write("palmares.toml", text);
        told.push(both(&workspace, &["run"]));
    }
    workspace
        .write("palmares.toml", "")
        .write("p.toml", "name = 'p'\nfurniture = ['*']\n")
        .write("q.toml", "name = 'q'\nheading.splits-as = '{nom}'\n")
        .write("a.txt", SAMPLE)
        .write("exemples.json", "{\"entries\": [{\"name\": 3}]}")
        .write("casse.ndjson", "{\"name\": \n");
    for arguments in [
        &["extract", "a.txt", "--profile", "p.toml"][..],
        &["extract", "a.txt", "--profile", "q.toml"],
        &["extract", "a.txt", "--profile", "absent.toml"],
        &["teach", "a.txt", "--examples", "exemples.json"],
        &["diff", "casse.ndjson", "casse.ndjson"],
        &["validate", "casse.ndjson"],
        &["validate", "absent.ndjson"],
        &["extract", "https://example.org/laureats"],
        &["run", "a.txt", "-o", "a.txt"],
    ] {
        told.push(both(&workspace, arguments));
    }
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn explain_says_what_is_doubtful_first_and_where() {
    let workspace = Workspace::new();
    workspace.write("a.md", "# Jardins : les lauréats\n\nTrois lauréats ont été retenus.\n\n## La Serre – Un verger\n\nTerritoire : Dole\n\n## Le Bief – Un bac\n\nTerritoire : Gray\n\n## Le Potager d’Adèle\n\nUne parcelle pour chaque famille.\n");
    insta::assert_snapshot!(both(&workspace, &["explain", "a.md"]));
    let text = format!("{} {}", "Un lieu où l’on sème.".repeat(10), "La fin.");
    workspace.write("long.md", format!("# Les lauréats\n\nDeux lauréats.\n\n## La Serre – Un verger\n\nDescription : {text}\n\n## Le Bief – Un bac\n\nDescription : {text}\n"));
    let explain = |arguments: &[&str]| {
        workspace
            .run(&[&["explain", "long.md"], arguments].concat())
            .stdout
    };
    assert!(!explain(&[]).contains("La fin."), "{}", explain(&[]));
    assert!(
        explain(&["--full"]).contains("La fin."),
        "{}",
        explain(&["--full"])
    );
    assert!(
        !explain(&[]).contains("SectionHeader h2"),
        "{}",
        explain(&[])
    );
    assert!(
        explain(&["-v"]).contains("SectionHeader h2"),
        "{}",
        explain(&["-v"])
    );
}

#[test]
fn a_place_in_a_pdf_is_one_that_a_person_finds() {
    let workspace = Workspace::new();
    let sample = std::fs::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/raw/laureats-agir-2022.pdf"
    ))
    .unwrap();
    workspace.write("a.pdf", sample);
    let printed = workspace.run(&["explain", "a.pdf"]).stdout;
    assert!(
        printed.contains("page 2, ") && !printed.contains("box "),
        "{printed}"
    );
    assert!(
        ["top", "middle", "bottom"]
            .iter()
            .any(|part| printed.contains(&format!(", {part} left"))),
        "{printed}"
    );
    assert!(
        workspace
            .run(&["explain", "a.pdf", "--lang", "fr"])
            .stdout
            .contains("à gauche")
    );
    assert!(
        workspace
            .run(&["explain", "a.pdf", "-v"])
            .stdout
            .contains("box ")
    );
}

#[test]
fn tests_and_comparisons_are_told() {
    let workspace = Workspace::new();
    workspace
        .write("fixtures/un/input.txt", SAMPLE)
        .write("a.txt", SAMPLE);
    check(&workspace.run(&["test", "--bless", "-q"]), 0, &[]);
    let expected = workspace.read("fixtures/un/expected.json");
    workspace.write(
        "fixtures/un/expected.json",
        expected.replace("Brest", "Quimper"),
    );
    workspace.write(
        "b.txt",
        SAMPLE
            .replace("Brest", "Quimper")
            .replace("Mission locale, ", ""),
    );
    check(
        &workspace.run(&["run", "a.txt", "-o", "avant", "-q"]),
        0,
        &[],
    );
    std::fs::rename(
        workspace.path().join("b.txt"),
        workspace.path().join("a.txt"),
    )
    .unwrap();
    check(
        &workspace.run(&["run", "a.txt", "-o", "apres", "-q"]),
        0,
        &[],
    );
    insta::assert_snapshot!(
        [
            both(&workspace, &["test"]),
            both(&workspace, &["diff", "avant", "apres"])
        ]
        .join("\n")
    );
}

#[test]
fn what_thresholds_would_give_is_told() {
    let workspace = Workspace::new();
    workspace
        .write("a.csv", "id;nom;commune\n1;Les Semeurs du Trégor;Lannion\n2;Semeurs du Trégor;Lannion\n3;Les Semeurs du Trégor réunis;Brest\n")
        .write("b.csv", "id;nom\n1;Les Semeurs\n2;Radio Rivage\n");
    let told = [
        both(&workspace, &["link", "a.csv", "--thresholds"]),
        both(&workspace, &["link", "b.csv", "--thresholds"]),
        both(
            &workspace,
            &["link", "b.csv", "--thresholds", "--uncertain"],
        ),
    ];
    insta::assert_snapshot!(told.join("\n"));
    assert!(
        !workspace.path().join("linked").exists(),
        "nothing is written"
    );
}

#[test]
fn help_is_in_both_languages() {
    let workspace = Workspace::new();
    insta::assert_snapshot!(
        [
            both(&workspace, &["--help"]),
            both(&workspace, &["run", "--help"]),
            both(&workspace, &["explain", "-h"])
        ]
        .join("\n")
    );
}

#[test]
fn the_locale_decides_where_nothing_is_said() {
    let workspace = Workspace::new();
    let say = |variables: &[(&str, &str)]| {
        let mut command = workspace.command(&["run"]);
        command
            .env_remove("LC_ALL")
            .env_remove("LC_MESSAGES")
            .env_remove("LANG");
        command.envs(variables.iter().copied());
        Ran::from(command.output().unwrap()).stderr
    };
    for french in [
        &[("LANG", "fr_FR.UTF-8")][..],
        &[("LANG", "en_US"), ("LC_MESSAGES", "fr_CA")],
        &[("LC_ALL", "fr"), ("LANG", "C")],
    ] {
        assert!(
            say(french).starts_with("erreur : rien à lire"),
            "{french:?}: {}",
            say(french)
        );
    }
    for english in [
        &[][..],
        &[("LANG", "de_DE.UTF-8")],
        &[("LC_ALL", "C"), ("LANG", "fr_FR")],
    ] {
        assert!(
            say(english).starts_with("error: nothing to read"),
            "{english:?}: {}",
            say(english)
        );
    }
}

#[test]
fn records_are_the_same_in_every_language() {
    let workspace = with_a_gap();
    workspace.write("raw/vide.pdf", "").write(
        "raw/rivages.txt",
        SAMPLE.replace("3 lauréats", "4 lauréats"),
    );
    workspace.write("registre.csv", "id;nom\nW291000001;Radio Rivage\n");
    for language in ["en", "fr"] {
        check(
            &workspace.run(&[
                "run",
                "-q",
                "--lang",
                language,
                "-o",
                language,
                "--min-confidence",
                "0.9",
                "--organisations",
                "registre.csv",
            ]),
            1,
            &[],
        );
    }
    for name in workspace.listing("en") {
        let read = |language: &str| workspace.read(&format!("{language}/{name}"));
        if name == "run.json" {
            let run = |language: &str| {
                let mut run: Value = serde_json::from_str(&read(language)).unwrap();
                let object = run.as_object_mut().unwrap();
                object.remove("started");
                object.remove("timings");
                for input in object["inputs"].as_array_mut().unwrap() {
                    input.as_object_mut().unwrap().remove("milliseconds");
                }
                run
            };
            assert_eq!(run("en"), run("fr"));
        } else {
            assert!(!read("en").is_empty(), "{name}");
            assert_eq!(read("en"), read("fr"), "{name}");
        }
    }
    workspace
        .write("fixtures/un/input.txt", SAMPLE)
        .write("fixtures/un/expected.json", "{}");
    for arguments in [
        &["extract", "raw/rivages.txt"][..],
        &["explain", "raw/rivages.txt", "--format", "json"],
        &["explain", "raw/vide.pdf", "--format", "json"],
        &["test", "--format", "json"],
        &["diff", "en", "fr", "--format", "json"],
        &["validate", "en/run.json", "absent.json", "--format", "json"],
        &[
            "teach",
            "raw/rivages.txt",
            "--name",
            "Association Radio Rivage",
            "--format",
            "json",
        ],
        &["profile", "list", "--format", "json"],
        &["profile", "check", "--format", "json"],
        &["rnu", "--format", "json"],
    ] {
        let [english, french] = ["en", "fr"]
            .map(|language| workspace.run(&[arguments, &["--lang", language]].concat()));
        assert_eq!(english.stdout, french.stdout, "{arguments:?}");
        if arguments.contains(&"json") {
            assert_eq!(english.stderr, french.stderr, "{arguments:?}");
        }
    }
}

#[test]
fn every_command_speaks_json() {
    let workspace = with_a_gap();
    workspace
        .write("raw/vide.pdf", "")
        .write("raw/scan.png", b"\x89PNG\r\n\x1a\n")
        .write("a.csv", "nom;projet\nLa Serre;Un verger\n");
    let ran = workspace.run(&["run", "--format", "json"]);
    check(&ran, 1, &[]);
    let said: Vec<Value> = ran
        .stderr
        .lines()
        .map(|line| serde_json::from_str(line).expect(line))
        .collect();
    let failed = said.iter().find(|row| row["kind"] == "error").unwrap();
    let expected = serde_json::json!({
        "kind": "error", "message": "the file is empty", "hint": "the download may have failed; fetch the file again",
        "path": "raw/vide.pdf", "place": null,
    });
    assert_eq!(failed, &expected);
    let warned = said.iter().find(|row| row["kind"] == "warning").unwrap();
    assert_eq!(warned["path"], "raw/jardins.md");
    for (arguments, code) in [
        (&["rnu"][..], 2),
        (&["extract", "absent.pdf"], 2),
        (&["run", "-o", "a.csv"], 2),
        (&["schema", "laureat"], 2),
        (&["validate", "absent"], 2),
    ] {
        let ran = workspace.run(&[arguments, &["--format", "json"]].concat());
        assert_eq!(ran.code, code, "{}", ran.transcript());
        let said: Vec<Value> = (ran.stderr.lines())
            .map(|line| serde_json::from_str(line).expect(line))
            .collect();
        let said = said.last().unwrap();
        assert_eq!(said["kind"], "error");
        assert!(
            said.as_object()
                .unwrap()
                .keys()
                .eq(["hint", "kind", "message", "path", "place"]),
            "{said}"
        );
    }
    for arguments in [
        &["link", "a.csv"][..],
        &["explain", "raw/jardins.md"],
        &["profile", "init", "raw/jardins.md"],
        &["completions", "bash"],
        &["schema", "laureates"],
        &["profile", "list"],
        &["diff", "extracted", "extracted"],
    ] {
        let ran = workspace.run(&[arguments, &["--format", "json"]].concat());
        assert_eq!(ran.code, 0, "{}", ran.transcript());
        serde_json::from_str::<Value>(&ran.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", ran.transcript()));
        for line in ran.stderr.lines() {
            serde_json::from_str::<Value>(line)
                .unwrap_or_else(|error| panic!("{error}: {}", ran.transcript()));
        }
    }
}

#[test]
fn validate_knows_what_a_run_wrote() {
    let workspace = Workspace::new();
    workspace.write("raw/a.txt", SAMPLE);
    check(&workspace.run(&["run"]), 0, &[]);
    let files = workspace
        .listing("extracted")
        .into_iter()
        .map(|name| format!("extracted/{name}"));
    let arguments: Vec<String> = ["validate".to_owned()].into_iter().chain(files).collect();
    check(&workspace.run(&arguments), 0, &[" checked, 0 not valid"]);
    // Nothing was rejected: that is the good case.
    assert_eq!(workspace.read("extracted/rejects.ndjson"), "");
    check(
        &workspace.run(&["validate", "extracted/rejects.ndjson"]),
        0,
        &["0 records checked, 0 not valid"],
    );
    let schema: Value =
        serde_json::from_str(&workspace.run(&["schema", "laureates"]).stdout).unwrap();
    let laureates: Value =
        serde_json::from_str(&workspace.read("extracted/laureates.json")).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    assert!(validator.is_valid(&laureates));
}

#[test]
fn what_is_decided_is_told_and_why_a_review_cannot_begin() {
    let workspace = Workspace::new();
    workspace.write("raw/liste.txt", SAMPLE).write(
        "decisions.csv",
        "action,document,record,name,field,found,value,other\n\
         set,raw/liste.txt,m-1,Radio Rivage,territory,Brest,,\n\
         drop,raw/autre.txt,m-2,Mentions légales,,,,\n\
         together,,m-1,,,,,m-3\n\
         apart,,m-1,,,,,m-4\n\
         add,raw/liste.txt,,,project,Un four à pain,Un four à pain,2\n",
    );
    let told = [
        both(&workspace, &["decisions"]),
        both(&workspace, &["decisions", "--to-fixture", "fixtures/a"]),
        both(&workspace, &["review"]),
    ];
    insta::assert_snapshot!(told.join("\n"));
}
