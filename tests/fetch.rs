//! `palmares fetch` against a server on this machine: what it saves, and what it refuses.

#[expect(dead_code, reason = "each test file takes what it needs")]
mod workspace;

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use workspace::{Ran, SAMPLE, Workspace, check};

/// A server that answers what it is asked for, and remembers it. It ends with the test.
struct Server {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let port = listener.local_addr().expect("it has an address").port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let log = Arc::clone(&log);
                thread::spawn(move || serve(&stream, port, &log));
            }
        });
        Self {
            address: format!("http://127.0.0.1:{port}"),
            asked,
        }
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no test thread panics").clone()
    }
}

/// Answers requests of one connection until it closes.
fn serve(stream: &TcpStream, port: u16, log: &Mutex<Vec<String>>) {
    let mut out = stream;
    let mut lines = BufReader::new(stream);
    loop {
        let mut request = String::new();
        if lines.read_line(&mut request).unwrap_or(0) == 0 {
            return;
        }
        let mut line = String::new();
        while lines.read_line(&mut line).unwrap_or(0) > 2 {
            line.clear();
        }
        let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
        log.lock()
            .expect("no test thread panics")
            .push(path.clone());
        let answer = |status: &str, headers: &str, body: &str| {
            format!(
                "HTTP/1.1 {status}\r\nContent-Length: {}\r\n{headers}\r\n{body}",
                body.len()
            )
        };
        let said = match path.as_str() {
            "/robots.txt" => answer("200 OK", "", "User-agent: *\nDisallow: /prive\n"),
            "/laur%C3%A9ats.html" => {
                let list = SAMPLE.replace('\n', "<p>");
                answer(
                    "200 OK",
                    "Content-Type: text/html; charset=utf-8\r\nETag: \"7\"\r\nSet-Cookie: a=b\r\n",
                    &format!("<!doctype html><title>Les lauréats</title><p>{list}"),
                )
            }
            "/ancien" => answer("301 Moved", "Location: laur%C3%A9ats.html#haut\r\n", ""),
            "/liste" => answer("200 OK", "Content-Type: application/pdf\r\n", SAMPLE),
            "/image.pdf" => answer("200 OK", "Content-Type: application/pdf\r\n", "GIF89a\0\0"),
            "/dedans" => answer(
                "302 Found",
                &format!("Location: http://localhost:{port}/prive\r\n"),
                "",
            ),
            "/fichier" => answer("302 Found", "Location: file:///etc/passwd\r\n", ""),
            "/rond" => answer("302 Found", "Location: /rond\r\n", ""),
            "/long" => "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n".to_owned(),
            "/sans-fin" => {
                let _ = out.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
                while out.write_all(&[b'x'; 4096]).is_ok() {}
                return;
            }
            "/lent" => {
                let _ = out.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
                while out.write_all(b"x").is_ok() {
                    thread::sleep(Duration::from_millis(100));
                }
                return;
            }
            "/muet" => {
                thread::sleep(Duration::from_secs(30));
                return;
            }
            _ => answer("404 Not Found", "", ""),
        };
        if out.write_all(said.as_bytes()).is_err() {
            return;
        }
    }
}

/// Fetches from this machine.
fn fetch(workspace: &Workspace, arguments: &[&str]) -> Ran {
    let command = ["fetch", "--allow-private"];
    workspace.run(&[&command, arguments].concat())
}

#[test]
fn a_page_is_saved_with_its_address_and_its_records_name_it() {
    let (server, workspace) = (Server::start(), Workspace::new());
    let ran = fetch(&workspace, &[&server.at("/ancien"), &server.at("/liste")]);
    check(&ran, 0, &[]);
    assert_eq!(ran.stdout, "raw/lauréats.html\nraw/liste.txt\n");
    let note: serde_json::Value =
        serde_json::from_str(&workspace.read("raw/lauréats.html.source.json")).expect("it is JSON");
    let address = server.at("/laur%C3%A9ats.html");
    assert_eq!(note["address"], address.as_str());
    assert_eq!(note["requested"], server.at("/ancien").as_str());
    assert_eq!(note["headers"]["etag"], "\"7\"");
    assert!(note["headers"]["set-cookie"].is_null(), "{note}");
    assert!(
        note["fetched"]
            .as_str()
            .is_some_and(|time| time.ends_with('Z'))
    );
    // What is known of a site is asked once.
    let asked = server.asked();
    assert_eq!(
        asked.iter().filter(|path| *path == "/robots.txt").count(),
        1,
        "{asked:?}"
    );

    let ran = workspace.run(&["run"]);
    check(&ran, 0, &[]);
    assert!(!ran.stderr.contains("skipped"), "{}", ran.transcript());
    let mentions = workspace.read("extracted/mentions.ndjson");
    let of_page = format!("\"url\":\"{address}\"");
    assert_eq!(mentions.matches(&of_page).count(), 3, "{mentions}");
    // A note that is of other bytes is not believed.
    workspace.write("raw/lauréats.html", "<p>Autre chose</p>".repeat(3));
    check(&workspace.run(&["run"]), 0, &[]);
    let documents = workspace.read("extracted/documents.ndjson");
    assert!(!documents.contains(&of_page), "{documents}");
}

#[test]
fn the_same_address_is_the_same_file_and_another_is_another() {
    let (server, workspace) = (Server::start(), Workspace::new());
    let (page, list) = (server.at("/laur%C3%A9ats.html"), server.at("/liste"));
    check(&fetch(&workspace, &[&page]), 0, &[]);
    let again = fetch(&workspace, &[&page]);
    check(&again, 0, &["raw/lauréats.html: unchanged"]);
    workspace.write("raw/liste.txt", "ce que quelqu'un y a mis");
    let beside = fetch(&workspace, &[&list]);
    assert_eq!(
        beside.stdout,
        "raw/liste-2.txt\n",
        "{}",
        beside.transcript()
    );
    assert_eq!(workspace.read("raw/liste.txt"), "ce que quelqu'un y a mis");
    assert_eq!(
        workspace.listing("raw"),
        [
            "lauréats.html",
            "lauréats.html.source.json",
            "liste-2.txt",
            "liste-2.txt.source.json",
            "liste.txt",
        ]
    );
}

#[test]
fn the_own_network_is_refused_wherever_it_is_named() {
    let (server, workspace) = (Server::start(), Workspace::new());
    let port = server.address.rsplit(':').next().expect("it has a port");
    let spelt = [
        "127.0.0.1",
        "localhost",
        "[::ffff:127.0.0.1]",
        "2130706433",
        "127.1",
    ];
    for host in spelt {
        let ran = workspace.run(&["fetch", &format!("http://{host}:{port}/liste")]);
        check(&ran, 1, &["in the own network", "hint: `--allow-private`"]);
    }
    check(
        &workspace.run(&["fetch", "http://169.254.169.254/latest/meta-data"]),
        1,
        &["`169.254.169.254` is at 169.254.169.254, in the own network"],
    );
    assert_eq!(server.asked(), [""; 0]);
    assert_eq!(workspace.listing("raw"), [""; 0]);
}

#[test]
fn what_is_no_document_is_not_saved() {
    let (server, workspace) = (Server::start(), Workspace::new());
    workspace.write("palmares.toml", "[limits]\nbytes = 100000\n");
    for (path, message) in [
        ("/prive/liste.html", "does not want it read by programs"),
        ("/dedans", "does not want it read by programs"),
        ("/fichier", "`file` is neither http nor https"),
        ("/rond", "it leads from address to address"),
        ("/image.pdf", "it is a GIF image, not a document"),
        ("/rien", "the server answered 404"),
        ("/long", "it has more than 100000 bytes"),
        ("/sans-fin", "it has more than 100000 bytes"),
    ] {
        check(&fetch(&workspace, &[&server.at(path)]), 1, &[message]);
    }
    for path in ["/lent", "/muet"] {
        let start = Instant::now();
        check(
            &fetch(&workspace, &["--timeout", "1", &server.at(path)]),
            1,
            &["it took more than 1 s", "hint: raise `--timeout`"],
        );
        assert!(start.elapsed() < Duration::from_secs(10));
    }
    for (address, message) in [
        ("ftp://example.org/x", "`ftp` is neither http nor https"),
        ("exemple", "it is no address"),
        ("http://moi:secret@example.org/", "it holds a password"),
    ] {
        check(&fetch(&workspace, &[address]), 1, &[message]);
    }
    assert_eq!(workspace.listing("raw"), [""; 0]);
    // One that fails costs the others nothing.
    let ran = fetch(&workspace, &[&server.at("/rien"), &server.at("/liste")]);
    check(&ran, 1, &["the server answered 404"]);
    assert_eq!(ran.stdout, "raw/liste.txt\n");
}

#[test]
fn a_site_whose_rules_cannot_be_read_is_left_alone() {
    let workspace = Workspace::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let port = listener.local_addr().expect("it has an address").port();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("it is asked");
        let mut line = String::new();
        let mut lines = BufReader::new(stream.try_clone().expect("it can be read"));
        while lines.read_line(&mut line).unwrap_or(0) > 2 {
            line.clear();
        }
        stream
            .write_all(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            .expect("it can be answered");
    });
    let ran = fetch(&workspace, &[&format!("http://127.0.0.1:{port}/liste")]);
    check(&ran, 1, &["cannot be read: the server answered 503"]);
    server.join().expect("the server ends");
}
