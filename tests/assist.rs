//! A program of the team's that is asked about what stays doubtful: what it says rightly gets in, marked as its own; nothing else does, and the run goes on.

#![cfg(unix)]

#[expect(dead_code, reason = "these tests need a part of it")]
mod workspace;

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use workspace::{Ran, Workspace, check};

/// The entry of `jardins.md` that has no territory under a label, as the program is given it.
const LINES: [&str; 3] = [
    "Association La Grange – Un jardin pour le quartier 6",
    "Un potager partagé, aux portes de Gray.",
    "Public : habitants",
];

/// A list of ten, of which the seventh lacks what the others have, and a program that does this.
fn asking(script: &str) -> Workspace {
    let workspace = Workspace::new();
    let mut list = String::from("# Dix jardins primés\n\nVoici les dix lauréats.\n");
    let names = [
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
    ];
    for (number, name) in names.iter().enumerate() {
        let said = if number == 6 {
            LINES[1]
        } else {
            "Territoire : Dole"
        };
        let entry = format!(
            "\n## Association {name} – Un jardin pour le quartier {number}\n\n{said}\n\n{}\n",
            LINES[2]
        );
        list.push_str(&entry);
    }
    workspace
        .write("jardins.md", list)
        .write("tools/tell.sh", script)
        .write(
            "palmares.toml",
            "[assist]\ncommand = \"sh tell.sh\"\nfolder = \"tools\"\nseconds = 1\n",
        );
    workspace
}

/// A program that counts how often it is asked, keeps what it is given, and answers this.
fn answering(answer: &Value) -> Workspace {
    asking(&format!(
        "echo asked >> calls\ncat > given.json\ncat << 'END'\n{answer}\nEND\n"
    ))
}

fn calls(workspace: &Workspace) -> usize {
    workspace.read("tools/calls").lines().count()
}

/// The record of a position, as `palmares extract` prints it with these arguments.
#[track_caller]
fn record(workspace: &Workspace, arguments: &[&str], position: u64, messages: &[&str]) -> Value {
    let ran = workspace.run(&[&["extract"], arguments].concat());
    check(&ran, 0, messages);
    let mut records = ran.records().into_iter();
    records
        .find(|record| record["position"] == position)
        .unwrap_or_else(|| panic!("no record {position} in\n{}", ran.transcript()))
}

#[test]
fn a_right_answer_gets_in_with_its_place_and_its_origin() {
    let workspace = answering(&json!({
        "territory": { "value": "Gray", "lines": [2] }, "amount": null, "award": null,
    }));
    let filled = record(
        &workspace,
        &["jardins.md", "-v"],
        7,
        &["1 value is as the program of [assist] says"],
    );
    assert_eq!(filled["territory"], "Gray");
    assert_eq!(filled["origin"]["/territory"], "assist");
    assert_eq!(filled["confidence"]["/territory"], 0.5);
    let span = &filled["evidence"]["/territory"][0]["span"];
    let [start, end] = [0, 1].map(|at| usize::try_from(span[at].as_u64().unwrap()).unwrap());
    assert_eq!(&workspace.read("jardins.md")[start..end], "Gray");
    // What is worked out of it says so, too.
    assert_eq!(filled["places"][0]["text"], "Gray");
    assert_eq!(filled["origin"]["/places/0"], "assist");
    // It was given the entry and what is open of it, and nothing of the nine others.
    assert_eq!(calls(&workspace), 1);
    let given: Value = serde_json::from_str(&workspace.read("tools/given.json")).unwrap();
    let lines: Vec<&str> = (given["lines"].as_array().unwrap().iter())
        .map(|line| line["text"].as_str().unwrap())
        .collect();
    assert_eq!(lines, LINES);
    let open: Vec<&String> = given["schema"]["properties"]
        .as_object()
        .unwrap()
        .keys()
        .collect();
    assert_eq!(open, ["amount", "award", "territory"]);
}

#[test]
fn the_run_shows_whose_value_it_is() {
    let workspace = answering(&json!({ "territory": { "value": "Gray", "lines": [2] } }));
    check(
        &workspace.run(&["run", "jardins.md"]),
        0,
        &["doubtful values by field"],
    );
    let laureates = workspace.read("extracted/laureates.ndjson");
    let mut laureates = laureates
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let assisted = laureates
        .find(|laureate| laureate["territory"] == "Gray")
        .unwrap();
    assert_eq!(assisted["origin"]["/territory"], "assist");
    check(
        &workspace.run(&["validate", "extracted/mentions.ndjson"]),
        0,
        &[],
    );
    // The words of the entry say which of them the field took.
    assert!(
        workspace
            .read("extracted/report.html")
            .contains(r#"{"text":"Gray","field":"territory"}"#)
    );
}

#[test]
fn it_is_asked_once_and_not_without_being_wanted() {
    let workspace = answering(&json!({ "territory": { "value": "Gray", "lines": [2] } }));
    let first = record(&workspace, &["jardins.md"], 7, &[]);
    assert_eq!(record(&workspace, &["jardins.md"], 7, &[]), first);
    assert_eq!(calls(&workspace), 1);
    assert_eq!(workspace.listing("assist-cache").len(), 1);
    for arguments in [["jardins.md", "--no-assist"], ["jardins.md", "--no-config"]] {
        assert_eq!(
            record(&workspace, &arguments, 7, &[])["territory"],
            Value::Null
        );
    }
    // Another command is another source.
    workspace.write(
        "palmares.toml",
        "[assist]\ncommand = \"cd tools; sh tell.sh\"\n",
    );
    assert_eq!(
        record(&workspace, &["jardins.md"], 7, &[])["territory"],
        "Gray"
    );
    assert_eq!(calls(&workspace), 2);
}

/// Nothing of an answer gets in, and it is told why.
#[track_caller]
fn refused(workspace: &Workspace, message: &str) {
    let without = record(workspace, &["jardins.md", "--no-assist"], 7, &[]);
    let told = ["warning: jardins.md: ", message];
    assert_eq!(record(workspace, &["jardins.md"], 7, &told), without);
}

#[test]
fn what_is_invented_stands_elsewhere_or_was_read_surely_does_not_get_in() {
    for said in [
        json!({ "territory": { "value": "Vesoul", "lines": [2] } }),
        json!({ "territory": { "value": "gray", "lines": [2] } }),
        json!({ "territory": { "value": "Gray", "lines": [1] } }),
        json!({ "territory": { "value": "Gray", "lines": [4] } }),
        json!({ "territory": { "value": "Gra", "lines": [2] } }),
        json!({ "amount": { "value": "5 000 €", "lines": [1, 2, 3] } }),
        json!({ "name": { "value": "La Grange", "lines": [1] } }),
        json!({ "public": { "value": "habitants", "lines": [3] } }),
    ] {
        refused(
            &answering(&said),
            "1 value of the program of [assist] was left out: it does not stand in the lines that it names, or was not asked for",
        );
    }
}

#[test]
fn an_answer_of_another_form_does_not_get_in_and_is_asked_for_again() {
    for said in [
        json!("Gray"),
        json!({ "territory": "Gray" }),
        json!({ "territory": { "value": "Gray", "lines": [2], "sure": true } }),
    ] {
        let workspace = answering(&said);
        refused(
            &workspace,
            "the program of [assist] gave nothing for 1 entry: its answer is not of the form asked for",
        );
        assert!(!workspace.path().join("assist-cache").exists());
    }
    refused(
        &asking("cat > /dev/null; echo Voici :"),
        "not of the form asked for",
    );
    refused(&asking(""), "it ends too early");
    refused(
        &asking("cat > /dev/null; echo no model >&2; exit 3"),
        "it failed (exit status: 3): no model",
    );
}

#[test]
fn one_that_never_answers_or_never_ends_is_killed_with_what_it_started() {
    let right = r#"{"territory": {"value": "Gray", "lines": [2]}}"#;
    for script in [
        "sleep 60 & echo $! > started; wait".to_owned(),
        // Its answer has come, but is not known to be whole.
        format!("echo '{right}'; sleep 60 & echo $! > started; wait"),
        format!("echo '{right}'; exec > /dev/null; sleep 60 & echo $! > started; wait"),
    ] {
        let workspace = asking(&script);
        let start = Instant::now();
        refused(&workspace, "it took more than 1 s");
        assert!(start.elapsed() < Duration::from_secs(20));
        let started = workspace.read("tools/started");
        let state = std::fs::read_to_string(format!("/proc/{}/stat", started.trim()));
        assert!(
            state.is_err() || state.unwrap().contains(") Z "),
            "{script}"
        );
    }
}

#[test]
fn one_that_says_too_much_is_ended() {
    refused(&asking("yes"), "it wrote more than 65536 bytes");
}

/// A worker may take 64 MB here, and what it starts what it needs.
#[cfg(target_os = "linux")]
#[test]
fn the_limits_of_a_document_are_not_those_of_the_program() {
    let workspace = asking("ulimit -d > limits; ulimit -t >> limits");
    let config = workspace.read("palmares.toml");
    workspace.write(
        "palmares.toml",
        format!("{config}[limits]\nmegabytes = 64\nseconds = 2\n"),
    );
    check(&workspace.run(&["extract", "jardins.md"]), 0, &[]);
    let own = std::process::Command::new("sh")
        .args(["-c", "ulimit -Hd; ulimit -Ht"])
        .output()
        .unwrap();
    assert_eq!(
        workspace.read("tools/limits"),
        String::from_utf8(own.stdout).unwrap()
    );
}

/// A list in prose, of which the first title is doubtful.
const PRIZES: &str = "# Budget participatif : les lauréats 2026\n\nLe jury s’est réuni le 12 mai. Le premier prix revient à l’association Les Mains vertes (Quimper) pour son jardin partagé « La Motte ».\nLe prix du public est décerné au collectif Vélo-Nuit, à Morlaix, pour un atelier mobile. Enfin, la commune de Plouarzel reçoit 4 500 € pour ses haies.\n\nLes candidatures pour 2027 ouvriront en janvier.\n";

#[test]
fn a_doubtful_value_gives_way_and_is_not_lost_and_what_people_decided_stays() {
    let workspace = answering(&json!({ "project": { "value": "jardin partagé", "lines": [1] } }));
    workspace.write("prix.md", PRIZES);
    let before = record(&workspace, &["prix.md", "--no-assist"], 1, &[]);
    assert_eq!(before["project"], "La Motte");
    let after = record(&workspace, &["prix.md"], 1, &[]);
    assert_eq!(after["project"], "jardin partagé");
    assert_eq!(after["other"]["reste"], "La Motte");
    for field in ["name", "territory", "award", "description"] {
        assert_eq!(after[field], before[field], "{field}");
    }
    let id = before["id"].as_str().unwrap();
    workspace.write(
        "decisions.csv",
        format!(
            "action,document,record,field,found,value\nset,prix.md,{id},project,La Motte,La Motte\n"
        ),
    );
    check(&workspace.run(&["run", "prix.md"]), 0, &[]);
    let mentions = workspace.read("extracted/mentions.ndjson");
    let first: Value = serde_json::from_str(mentions.lines().next().unwrap()).unwrap();
    assert_eq!(first["project"], "La Motte");
    assert_eq!(first["origin"]["/project"], "decided");
}

/// The program of docs/assist.md, with a stand-in for the server of a model.
#[test]
fn the_program_of_its_page_asks_a_model() {
    let page =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/assist.md")).unwrap();
    let program = page
        .split("```python\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next());
    let workspace = asking("exec python3 assist.py");
    workspace.write("tools/assist.py", program.unwrap());
    let config = workspace
        .read("palmares.toml")
        .replace("seconds = 1", "seconds = 30");
    workspace.write("palmares.toml", config);
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", server.local_addr().unwrap());
    let asked = std::thread::spawn(move || {
        let (mut stream, _) = server.accept().unwrap();
        let mut said = Vec::new();
        let mut buffer = [0; 4096];
        // A request ends with its JSON object.
        while !said.ends_with(b"}") {
            let n = stream.read(&mut buffer).unwrap();
            said.extend_from_slice(&buffer[..n]);
        }
        let content = r#"{"territory": {"value": "Gray", "lines": [2]}}"#;
        let body = json!({ "message": { "role": "assistant", "content": content } }).to_string();
        write!(
            stream,
            "HTTP/1.0 200 OK\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        String::from_utf8(said).unwrap()
    });
    let mut command = workspace.command(&["extract", "jardins.md"]);
    let ran = Ran::from(command.env("MODEL_SERVER", address).output().unwrap());
    check(&ran, 0, &[]);
    assert_eq!(
        ran.records()[6]["territory"],
        "Gray",
        "{}",
        ran.transcript()
    );
    let asked = asked.join().unwrap();
    let (head, body) = asked.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /api/chat "), "{head}");
    let body: Value = serde_json::from_str(body).unwrap();
    assert!(
        body["messages"][0]["content"]
            .as_str()
            .unwrap()
            .contains(&format!("2: {}", LINES[1]))
    );
    assert!(body["format"]["properties"]["territory"].is_object());
}

#[test]
fn what_cannot_be_kept_is_told_and_a_mistake_in_the_configuration_too() {
    let workspace = answering(&json!({ "territory": { "value": "Gray", "lines": [2] } }));
    workspace.write("assist-cache", "a file");
    let told = ["warning: jardins.md: answers cannot be kept in"];
    assert_eq!(
        record(&workspace, &["jardins.md"], 7, &told)["territory"],
        "Gray"
    );
    for (assist, message) in [
        ("command = \" \"", "`assist.command` is empty"),
        (
            "command = \"x\"\nseconds = 0",
            "`assist.seconds` is not above 0",
        ),
        ("seconds = 5", "`command` is missing"),
        ("command = \"x\"\ntimeout = 5", "there is no key `timeout`"),
    ] {
        workspace.write("palmares.toml", format!("[assist]\n{assist}\n"));
        check(&workspace.run(&["extract", "jardins.md"]), 2, &[message]);
    }
}
