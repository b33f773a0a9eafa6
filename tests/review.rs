//! `palmares review`: the server answers its own page alone, and what is done there holds from run to run.
#![cfg(feature = "review")]

#[expect(dead_code, reason = "these tests need a part of it")]
mod workspace;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use serde_json::{Value, json};
use workspace::{SAMPLE, Workspace, check};

/// A server in a workspace, ended with the test.
struct Server {
    child: Child,
    /// Address and port.
    host: String,
    token: String,
}

/// What it answered.
struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Server {
    fn start(workspace: &Workspace, arguments: &[&str]) -> Self {
        let mut command = workspace.command(&[&["review"], arguments].concat());
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the command can be run");
        let mut line = String::new();
        let out = child.stdout.take().expect("standard output is piped");
        BufReader::new(out)
            .read_line(&mut line)
            .expect("it says its address");
        let address = line
            .trim()
            .strip_prefix("http://")
            .expect("it is an address");
        let (host, token) = address.split_once('/').expect("it has a token");
        Self {
            child,
            host: host.to_owned(),
            token: token.trim_end_matches('/').to_owned(),
        }
    }

    /// What is answered to a request as it is written; `head` are further headers.
    fn send(&self, method: &str, path: &str, head: &str, body: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.host).expect("it answers");
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\n{head}Connection: close\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .expect("a request can be sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("it ends its answer");
        let end =
            (answer.windows(4).position(|bytes| bytes == b"\r\n\r\n")).expect("it has a head");
        let head = String::from_utf8_lossy(&answer[..end]).to_lowercase();
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        Answer {
            status: status.expect("it has a status"),
            body: answer[end + 4..].to_vec(),
            head,
        }
    }

    fn get(&self, path: &str) -> Answer {
        let head = format!("Host: {}\r\n", self.host);
        self.send("GET", &format!("/{}/{path}", self.token), &head, "")
    }

    /// What is answered as JSON, to a question that is all right.
    #[track_caller]
    fn ask(&self, path: &str) -> Value {
        self.get(path).json(200)
    }

    /// Has something done, as a page of its own.
    fn post(&self, path: &str, body: &Value) -> Answer {
        let head = format!(
            "Host: {host}\r\nOrigin: http://{host}\r\nContent-Type: application/json\r\n",
            host = self.host
        );
        let path = format!("/{}/{path}", self.token);
        self.send("POST", &path, &head, &body.to_string())
    }

    #[track_caller]
    fn act(&self, body: &Value) -> Value {
        self.post("act", body).json(200)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Answer {
    #[track_caller]
    fn json(&self, status: u16) -> Value {
        let body = String::from_utf8_lossy(&self.body);
        assert_eq!(self.status, status, "{body}");
        serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error}: {body}"))
    }
}

/// A list of jardins, of which one has a territory that cannot be sure, and which a second document tells otherwise.
fn with_run() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("raw/liste.txt", SAMPLE);
    check(&workspace.run(&["run", "-q"]), 0, &[]);
    workspace
}

/// The mentions of the last run.
fn mentions(workspace: &Workspace) -> Vec<Value> {
    let text = workspace.read("extracted/mentions.ndjson");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("a record a line"))
        .collect()
}

fn id(record: &Value) -> &str {
    record["id"].as_str().expect("a record has an id")
}

#[test]
fn only_a_page_of_its_own_is_answered() {
    let workspace = with_run();
    let server = Server::start(&workspace, &[]);
    let page = server.get("");
    assert_eq!(page.status, 200);
    for said in [
        "default-src 'none'",
        "script-src 'self'",
        "nosniff",
        "no-store",
    ] {
        assert!(page.head.contains(said), "{said}: {}", page.head);
    }
    let own = format!("Host: {}\r\n", server.host);
    let (path, bare) = (
        format!("/{}/run", server.token),
        format!("/{}", server.token),
    );
    let port = server.host.split(':').nth(1).expect("it has a port");
    let status = |path: &str, head: &str| server.send("GET", path, head, "").status;
    assert_eq!(status(&path, &own), 200);
    for path in [
        "/",
        "/run",
        "/style.css",
        &bare[..bare.len() - 1],
        &format!("/{}/run", "0".repeat(40)),
    ] {
        let answer = server.send("GET", path, &own, "");
        assert_eq!((answer.status, answer.body.len()), (404, 0), "{path}");
    }
    for host in [
        "example.org",
        &format!("example.org:{port}"),
        "127.0.0.1",
        &format!("localhost:{port}"),
    ] {
        assert_eq!(status(&path, &format!("Host: {host}\r\n")), 403, "{host}");
    }
    assert_ne!(status(&path, ""), 200, "a request without a host");
    for origin in [
        "http://example.org",
        "null",
        &format!("https://{}", server.host),
        &format!("http://127.0.0.1:{}", port.len()),
    ] {
        assert_eq!(
            status(&path, &format!("{own}Origin: {origin}\r\n")),
            403,
            "{origin}"
        );
        let head = format!("{own}Origin: {origin}\r\nContent-Type: application/json\r\n");
        let path = format!("/{}/undo", server.token);
        assert_eq!(
            server.send("POST", &path, &head, "{}").status,
            403,
            "{origin}"
        );
    }
    // What a form of another page could send is no act.
    let head = format!("{own}Content-Type: text/plain\r\n");
    let act = json!({"act": "drop", "record": "m-1"}).to_string();
    let path = format!("/{}/act", server.token);
    assert_eq!(server.send("POST", &path, &head, &act).status, 415);
    assert!(!workspace.path().join("decisions.csv").exists());
}

#[test]
fn what_is_doubtful_comes_first_and_what_is_accepted_is_not_asked_again() {
    let workspace = Workspace::new();
    // One reading out of two: what follows the name may be a place or a project.
    workspace.write("raw/liste.txt", SAMPLE);
    workspace.write("raw/noms.md", "# Les lauréats 2023\n\n- Le Fournil, quartier du Port\n- La Recyclerie mobile – Lorient\n- Radio Rivage : Brest et ses environs\n");
    check(&workspace.run(&["run", "-q"]), 0, &[]);
    let server = Server::start(&workspace, &[]);
    let doubts = |server: &Server| {
        server.ask("run")["doubts"]
            .as_array()
            .expect("a list")
            .clone()
    };
    let first = doubts(&server);
    let values: Vec<&Value> = first
        .iter()
        .filter(|doubt| doubt["kind"] == "value")
        .collect();
    assert!(!values.is_empty(), "{first:?}");
    let doubt = values[0];
    let standing =
        server.act(&json!({"act": "accept", "record": doubt["record"], "field": doubt["field"]}));
    assert_eq!(
        standing["decisions"][0]["found"],
        standing["decisions"][0]["value"]
    );
    check(&workspace.run(&["run", "-q"]), 0, &[]);
    // The folder is read anew.
    let second = doubts(&server);
    let is_it =
        |other: &Value| other["record"] == doubt["record"] && other["field"] == doubt["field"];
    assert!(!second.iter().any(is_it), "{second:?}");
    let record = server.ask(&format!(
        "record?record={}",
        doubt["record"].as_str().unwrap()
    ));
    let pointer = format!("/{}", doubt["field"].as_str().unwrap());
    assert_eq!(record["mention"]["origin"][&pointer], "decided");
}

#[test]
fn a_value_that_is_set_is_a_line_that_runs_follow_and_undo_takes_out() {
    let workspace = with_run();
    let server = Server::start(&workspace, &[]);
    let radio = mentions(&workspace).remove(1);
    let set = json!({"act": "set", "record": id(&radio), "field": "territory", "value": "Quimper"});
    let standing = server.act(&set);
    assert_eq!(standing["undoable"], 1);
    let line = format!(
        "set,raw/liste.txt,{},Association Radio Rivage,territory,Brest,Quimper,\n",
        id(&radio)
    );
    let header = "action,document,record,name,field,found,value,other\n";
    assert_eq!(workspace.read("decisions.csv"), format!("{header}{line}"));
    check(&workspace.run(&["run"]), 0, &[]);
    assert_eq!(mentions(&workspace)[1]["territory"], "Quimper");
    // A second thought replaces the first, and still says what the document says.
    let again =
        json!({"act": "set", "record": id(&radio), "field": "territory", "value": "Vannes"});
    server.act(&again);
    assert_eq!(
        workspace.read("decisions.csv"),
        format!("{header}{}", line.replace("Quimper", "Vannes"))
    );
    let ran = workspace.run(&["run", "--strict"]);
    check(&ran, 0, &[]);
    assert_eq!(mentions(&workspace)[1]["territory"], "Vannes");
    server.post("undo", &json!({})).json(200);
    assert_eq!(workspace.read("decisions.csv"), format!("{header}{line}"));
    server.post("undo", &json!({})).json(200);
    assert_eq!(workspace.read("decisions.csv"), header);
    let told = server.post("undo?language=French", &json!({})).json(422);
    assert_eq!(told["message"], "il n’y a rien à annuler");
    check(&workspace.run(&["run"]), 0, &[]);
    assert_eq!(mentions(&workspace)[1]["territory"], "Brest");
    // Nothing is written of what cannot be followed.
    let colour = json!({"act": "set", "record": id(&radio), "field": "colour", "value": "red"});
    server.post("act", &colour).json(422);
    server
        .post("act", &json!({"act": "drop", "record": "m-0"}))
        .json(422);
    assert_eq!(workspace.read("decisions.csv"), header);
}

#[test]
fn a_table_stays_as_its_spreadsheet_wrote_it() {
    let workspace = with_run();
    let radio = mentions(&workspace).remove(1);
    let before = "\u{feff}Pourquoi;Valeur;Champ;Trouvé;Acte;Document;Identifiant;Nom;Autre\r\n\"vu ; hier\r\navec Zoé\";Lanester;territory;Lorient;corriger;raw/ailleurs.txt;m-0;x;\r\n";
    workspace.write("corrections.csv", before);
    let server = Server::start(&workspace, &["--decisions", "corrections.csv"]);
    server.act(&json!({"act": "set", "record": id(&radio), "field": "territory", "value": "Brest ; \"Recouvrance\""}));
    let row = format!(
        ";\"Brest ; \"\"Recouvrance\"\"\";territory;Brest;corriger;raw/liste.txt;{};Association Radio Rivage;\r\n",
        id(&radio)
    );
    assert_eq!(workspace.read("corrections.csv"), format!("{before}{row}"));
    check(
        &workspace.run(&["run", "-q", "--decisions", "corrections.csv"]),
        0,
        &[],
    );
    assert_eq!(
        mentions(&workspace)[1]["territory"],
        "Brest ; \"Recouvrance\""
    );
    // A person adds a line of their own meanwhile.
    workspace.write(
        "corrections.csv",
        format!("{before}{row};;;;écarter;raw/liste.txt;m-9;y;\r\n"),
    );
    server.post("undo", &json!({})).json(200);
    assert_eq!(
        workspace.read("corrections.csv"),
        format!("{before};;;;écarter;raw/liste.txt;m-9;y;\r\n")
    );
    // One that cannot be followed is told, and left alone.
    workspace.write("corrections.csv", "acte;document\r\npeindre;a\r\n");
    let told = server
        .post("act", &json!({"act": "drop", "record": id(&radio)}))
        .json(422);
    assert!(
        told["message"].as_str().unwrap().contains("line 2"),
        "{told}"
    );
    assert_eq!(
        workspace.read("corrections.csv"),
        "acte;document\r\npeindre;a\r\n"
    );
}

#[test]
fn of_acts_at_the_same_time_none_is_lost() {
    let workspace = with_run();
    let server = Server::start(&workspace, &[]);
    let all = mentions(&workspace);
    let fields = ["territory", "region", "theme", "duration", "dates", "needs"];
    std::thread::scope(|scope| {
        for (record, field) in all
            .iter()
            .flat_map(|record| fields.map(|field| (record, field)))
        {
            let act = json!({"act": "set", "record": id(record), "field": field, "value": "x"});
            let server = &server;
            scope.spawn(move || server.act(&act));
        }
    });
    let n = all.len() * fields.len();
    assert_eq!(workspace.read("decisions.csv").lines().count(), n + 1);
    assert_eq!(server.ask("run")["standing"]["undoable"], n);
}

#[test]
fn of_two_reviews_at_the_same_time_none_loses_what_the_other_writes() {
    let workspace = with_run();
    let servers = [0, 1].map(|_| Server::start(&workspace, &[]));
    let all = mentions(&workspace);
    let fields = [
        ["territory", "region", "theme"],
        ["duration", "dates", "needs"],
    ];
    std::thread::scope(|scope| {
        for (server, fields) in servers.iter().zip(fields) {
            for (record, field) in all
                .iter()
                .flat_map(|record| fields.map(|field| (record, field)))
            {
                let act = json!({"act": "set", "record": id(record), "field": field, "value": "x"});
                scope.spawn(move || server.act(&act));
            }
        }
    });
    let n = all.len() * 6;
    assert_eq!(workspace.read("decisions.csv").lines().count(), n + 1);
    // Each sees what the other wrote, and undoes its own alone.
    let standing = servers[0].post("undo", &json!({})).json(200);
    assert_eq!(standing["decisions"].as_array().map(Vec::len), Some(n - 1));
    assert_eq!(standing["undoable"], n / 2 - 1);
    assert_eq!(servers[1].ask("run")["standing"]["undoable"], n / 2);
    // What the other replaced is not put back.
    let act = |value: &str| json!({"act": "set", "record": id(&all[0]), "field": "public", "value": value});
    servers[0].act(&act("a"));
    servers[1].act(&act("b"));
    let told = servers[0].post("undo", &json!({})).json(422);
    assert!(
        told["message"]
            .as_str()
            .unwrap()
            .contains("not in the table any more"),
        "{told}"
    );
    assert!(workspace.read("decisions.csv").contains(",b,"));
}

#[test]
fn records_are_dropped_merged_and_split() {
    let workspace = with_run();
    let other = SAMPLE
        .lines()
        .filter(|line| !line.starts_with("Partenaires"))
        .collect::<Vec<_>>()
        .join("\n");
    workspace.write("raw/autre.txt", other);
    check(&workspace.run(&["run", "-q"]), 0, &[]);
    let n = |file: &str| workspace.read(file).lines().count();
    assert_eq!(
        (
            n("extracted/mentions.ndjson"),
            n("extracted/laureates.ndjson")
        ),
        (6, 3)
    );
    let server = Server::start(&workspace, &[]);
    let all = mentions(&workspace);
    server.act(&json!({"act": "split", "record": id(&all[0])}));
    server.act(&json!({"act": "together", "a": id(&all[1]), "b": id(&all[2])}));
    server.act(&json!({"act": "drop", "record": id(&all[5])}));
    check(&workspace.run(&["run", "-q"]), 0, &[]);
    let laureates = workspace.read("extracted/laureates.ndjson");
    let with = |a: &Value, b: &Value| {
        laureates
            .lines()
            .any(|line| line.contains(id(a)) && line.contains(id(b)))
    };
    assert!(!with(&all[0], &all[3]), "they were parted");
    assert!(with(&all[1], &all[2]), "they were merged");
    assert!(!laureates.contains(id(&all[5])), "it was dropped");
    // A second thought on a pair takes the place of the first.
    server.act(&json!({"act": "together", "a": id(&all[3]), "b": id(&all[0])}));
    let table = workspace.read("decisions.csv");
    assert_eq!(
        (
            table.matches("apart").count(),
            table.matches("together").count()
        ),
        (0, 2)
    );
    let standing = server.ask("run")["standing"].clone();
    let standing = server.post("withdraw", &standing["decisions"][0]).json(200);
    assert_eq!(standing["decisions"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_record_that_was_missed_is_added_by_its_words() {
    let workspace = Workspace::new();
    let list =
        format!("{SAMPLE}\nLe jury salue « La Nasse verte » ; La Nasse verte est d’Auray.\n");
    workspace.write("raw/liste.txt", list);
    check(&workspace.run(&["run", "-q"]), 0, &[]);
    let server = Server::start(&workspace, &[]);
    let words = server.ask("words?document=0");
    let blocks = words["written"]["blocks"].as_array().unwrap();
    let block = blocks.len() - 1;
    let texts = blocks[block]["words"].as_array().unwrap();
    let at = |text: &str| texts.iter().position(|word| word["text"] == text).unwrap();
    let begin = |value: &str, word: usize| json!({"document": 0, "field": "name", "value": value, "block": block, "word": word});
    // Of two places of the words that is meant which was clicked; quotation marks are none of them.
    let answer = server
        .post("add", &begin("La Nasse  verte", at("«")))
        .json(200);
    let record = answer["record"].as_str().unwrap();
    let line = format!(
        "add,raw/liste.txt,{record},La Nasse verte,name,Le jury salue « La Nasse verte » ; La Nasse verte est d’Auray.,La Nasse verte,1\n"
    );
    let header = "action,document,record,name,field,found,value,other\n";
    assert_eq!(workspace.read("decisions.csv"), format!("{header}{line}"));
    let again = server
        .post("add", &begin("La Nasse verte", at("«")))
        .json(200);
    assert_eq!(again["standing"]["undoable"], 1, "it is decided so already");
    // What is known of it so far is shown, and set, before it is read.
    let shown = server.ask(&format!("record?record={record}"));
    assert_eq!(shown["mention"]["name"], "La Nasse verte");
    server.act(&json!({"act": "set", "record": record, "field": "territory", "value": "Auray"}));
    check(&workspace.run(&["run", "-q"]), 0, &[]);
    let added = mentions(&workspace).remove(3);
    assert_eq!((id(&added), &added["territory"]), (record, &json!("Auray")));
    // With what was added goes what was decided of it, and comes back with it.
    let both = workspace.read("decisions.csv");
    let standing = server.ask("run")["standing"].clone();
    server.post("withdraw", &standing["decisions"][0]).json(200);
    assert_eq!(workspace.read("decisions.csv"), header);
    server.post("undo", &json!({})).json(200);
    assert_eq!(workspace.read("decisions.csv"), both);
    for _ in 0..2 {
        server.post("undo", &json!({})).json(200);
    }
    assert_eq!(workspace.read("decisions.csv"), header);
    // What does not stand there, and what is a record, is none.
    let told = server
        .post("add", &begin("La Nasse d’Auray", at("«")))
        .json(422);
    assert!(
        told["message"].as_str().unwrap().contains("one paragraph"),
        "{told}"
    );
    let radio = blocks
        .iter()
        .position(|block| block.to_string().contains("Rivage\""))
        .unwrap();
    let of = blocks[radio]["words"].as_array().unwrap().iter();
    let word = of
        .clone()
        .position(|word| word["text"] == "Association")
        .unwrap();
    let told = server
        .post("add", &json!({"document": 0, "field": "name", "value": "Association Radio Rivage", "block": radio, "word": word}))
        .json(422);
    assert!(
        told["message"]
            .as_str()
            .unwrap()
            .contains("is a record here"),
        "{told}"
    );
}

#[cfg(feature = "pictures")]
#[test]
fn the_words_and_the_picture_of_a_page_are_there() {
    let workspace = Workspace::new();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    workspace.write(
        "raw/brochure.pdf",
        std::fs::read(root.join("raw/laureats-agir-2022.pdf")).unwrap(),
    );
    workspace.write("raw/liste.txt", SAMPLE);
    check(&workspace.run(&["run", "-q"]), 0, &[]);
    let server = Server::start(&workspace, &[]);
    let run = server.ask("run");
    let number = |path: &str| {
        let documents = run["documents"].as_array().unwrap();
        documents
            .iter()
            .position(|document| document["path"] == path)
            .unwrap()
    };
    let words = server.ask(&format!("words?document={}", number("raw/brochure.pdf")));
    assert_eq!(words["is_changed"], false);
    let written = &words["written"];
    let [width, height] = [0, 1].map(|side| written["pages"][0][side].as_f64().unwrap());
    assert!(width > 100.0 && height > 100.0);
    let bbox = &written["blocks"][0]["words"][0]["places"][0]["bbox"];
    assert!(bbox[2].as_f64().unwrap() <= width && bbox[3].as_f64().unwrap() <= height);
    let picture = server.get(&format!(
        "picture?document={}&page=1",
        number("raw/brochure.pdf")
    ));
    assert!(picture.body.starts_with(b"\x89PNG"), "{}", picture.head);
    let beyond = format!("picture?document={}&page=999", number("raw/brochure.pdf"));
    server.get(&beyond).json(422);
    workspace.write("raw/liste.txt", SAMPLE.replace("Brest", "Crozon"));
    let words = server.ask(&format!("words?document={}", number("raw/liste.txt")));
    assert_eq!(words["is_changed"], true);
    assert!(words.to_string().contains("Crozon"));
}

#[test]
fn a_layout_is_taught_and_its_profile_followed() {
    let workspace = Workspace::new();
    workspace.write(
        "raw/liste.txt",
        "La nuit des ateliers du canal\n\nCette année encore, la halle était pleine.\n\n\
        Place 1 ~ Le Sabot vert >> Un verger pour la rue des Lices\n\n\
        Place 2 ~ Les Rameurs du soir >> Barques à louer pour une heure\n\n\
        Place 3 ~ Le Grenier sonore >> Écouter les récits de la vallée\n\n\
        Place 4 ~ Trois petits ponts >> Réparer les passerelles du bief\n\n\
        La halle rouvre en mars. Le plan d’accès est affiché à la gare.\n",
    );
    workspace.write("raw/rivages.txt", SAMPLE);
    check(&workspace.run(&["run", "-q"]), 0, &[]);
    let server = Server::start(&workspace, &[]);
    let documents = server.ask("run")["documents"].clone();
    let number = documents
        .as_array()
        .unwrap()
        .iter()
        .position(|document| document["path"] == "raw/liste.txt");
    let shown = json!({"document": number, "values": {"name": "Le Sabot vert", "project": "Un verger pour la rue des Lices"}});
    let taught = server.post("teach", &shown).json(200);
    assert_eq!(taught["learnt"]["entries"], 4, "{taught}");
    assert_eq!(taught["learnt"]["file"], "profiles/liste.toml");
    assert!(workspace.path().join("palmares.toml").exists());
    check(&workspace.run(&["run", "-q"]), 0, &[]);
    let names: Vec<Value> = mentions(&workspace)
        .iter()
        .map(|mention| mention["name"].clone())
        .collect();
    assert!(names.contains(&json!("Le Grenier sonore")), "{names:?}");
    server.post("undo", &json!({})).json(200);
    assert!(!workspace.path().join("profiles/liste.toml").exists());
    let nowhere = json!({"document": number, "values": {"name": "Personne d’autre"}});
    let told = server.post("teach", &nowhere).json(422);
    assert!(
        told["message"]
            .as_str()
            .unwrap()
            .contains("not in `raw/liste.txt`"),
        "{told}"
    );
}

#[test]
fn what_is_amiss_is_told_before_anything_is_answered() {
    let workspace = with_run();
    let nowhere = workspace.run(&["review", "nulle-part"]);
    check(
        &nowhere,
        2,
        &["no run has written into `nulle-part`", "palmares run"],
    );
    let server = Server::start(&workspace, &[]);
    let port = server.host.split(':').nth(1).unwrap();
    check(
        &workspace.run(&["review", "--port", port]),
        2,
        &["cannot answer on 127.0.0.1", "leave out `--port`"],
    );
    workspace.write("extracted/laureates.ndjson", "{\"id\": 3}\n");
    check(
        &workspace.run(&["review"]),
        2,
        &["another version of palmares", "writes the folder anew"],
    );
    let workspace = with_run();
    workspace.write("decisions.csv", "action,document\npaint,a\n");
    check(&workspace.run(&["review"]), 2, &["line 2", "is no action"]);
}
