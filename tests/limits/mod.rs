//! What a document may cost, and what becomes of the others when one costs more.

use super::workspace::{Ran, SAMPLE, Workspace};

/// A document that takes long and much, whatever reads it: lines with labels, as many as fit into these megabytes.
fn heavy(megabytes: usize) -> String {
    let line = "Projet : une recyclerie mobile\n";
    format!(
        "Les lauréats\n\n{}",
        line.repeat(megabytes * 1_000_000 / line.len())
    )
}

/// A folder with a heavy document and two that are not, and these limits.
fn with_heavy(megabytes: usize, limits: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace
        .write("raw/a.txt", SAMPLE)
        .write("raw/lourd.txt", heavy(megabytes))
        .write(
            "raw/z.md",
            SAMPLE.replace("1. ", "## ").replace("2. ", "## "),
        )
        .write("palmares.toml", format!("[limits]\n{limits}"));
    workspace
}

/// The heavy document failed with this message; the others were read.
#[track_caller]
fn check_others_are_read(workspace: &Workspace, ran: &Ran, message: &str) {
    assert_eq!(ran.code, 1, "{}", ran.transcript());
    assert!(ran.stderr.contains(message), "{}", ran.transcript());
    let mentions = workspace.read("extracted/mentions.ndjson");
    for path in ["raw/a.txt", "raw/z.md"] {
        assert!(mentions.contains(path), "{}", ran.transcript());
    }
    let rejects = workspace.read("extracted/rejects.ndjson");
    assert!(rejects.contains("raw/lourd.txt"), "{rejects}");
    assert_eq!(rejects.lines().count(), 1, "{rejects}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_document_that_takes_too_much_memory_fails_alone() {
    let workspace = with_heavy(20, "megabytes = 64\nseconds = 600\n");
    let ran = workspace.run(&["run", "--jobs", "1"]);
    check_others_are_read(
        &workspace,
        &ran,
        "error: cannot process `raw/lourd.txt`: reading it took more than 64 MB of memory\n\
         hint: raise `megabytes` under [limits] in palmares.toml, or split the document\n",
    );
}

#[test]
fn a_document_that_takes_too_long_fails_alone() {
    let workspace = with_heavy(20, "megabytes = 8000\nseconds = 2\n");
    let ran = workspace.run(&["run", "--jobs", "1"]);
    check_others_are_read(
        &workspace,
        &ran,
        "error: cannot process `raw/lourd.txt`: reading it took more than 2 s\n\
         hint: raise `seconds` under [limits] in palmares.toml, or split the document\n",
    );
}

#[test]
fn limits_hold_for_every_command_that_reads() {
    let workspace = Workspace::new();
    workspace
        .write("a.txt", SAMPLE)
        .write("palmares.toml", "[limits]\nseconds = 0.000001\n");
    for command in [
        ["extract", "a.txt"].as_slice(),
        &["explain", "a.txt"],
        &["profile", "init", "a.txt"],
    ] {
        let ran = workspace.run(command);
        assert_eq!(ran.code, 1, "{}", ran.transcript());
        assert_eq!(ran.stdout, "", "{}", ran.transcript());
        assert!(
            ran.stderr
                .contains("`a.txt`: reading it took more than 0.000001 s"),
            "{}",
            ran.transcript()
        );
    }
}

/// A page with a line in a sound font, and one in this font.
fn with_font(font: &str) -> String {
    format!(
        "%PDF-1.7\n\
         1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n\
         2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n\
         3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R/G 6 0 R>>>>>>\nendobj\n\
         4 0 obj\n<</Length 76>>stream\nBT /F 12 Tf 50 700 Td (Bonjour) Tj ET BT /G 12 Tf 50 600 Td (Bonsoir) Tj ET  \nendstream\nendobj\n\
         5 0 obj\n<</Type/Font/BaseFont/X{font}>>\nendobj\n\
         6 0 obj\n<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>\nendobj\n\
         trailer<</Size 7/Root 1 0 R>>\n%%EOF\n"
    )
}

#[test]
fn a_font_whose_widths_do_not_fit_into_memory_costs_its_text_only() {
    let type0 = |widths: &str, encoding: &str| {
        format!(
            "/Subtype/Type0/Encoding/{encoding}/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)\
             /Supplement 0>>/FontDescriptor<</Type/FontDescriptor/FontName/X/Flags 4>>{widths}>>]"
        )
    };
    for font in [
        "/Subtype/TrueType/FirstChar 2147483647/LastChar 2147483647/Widths[500]".to_owned(),
        type0("/W[0 2147483647 500]", "Identity-H"),
        type0("/W[1[500 500]7 9 500 0 2147483647 500]", "Identity-H"),
        type0("/W2[0 2147483647 500 1 1]", "Identity-V"),
    ] {
        let workspace = Workspace::new();
        workspace.write("a.pdf", with_font(&font));
        let ran = workspace.run(&["explain", "--no-config", "--stage", "layout", "a.pdf"]);
        assert_eq!(ran.code, 0, "{font}\n{}", ran.transcript());
        assert!(ran.stdout.contains("Bonsoir"), "{}", ran.transcript());
    }
}

#[test]
fn operations_are_limited_for_the_whole_document() {
    let page = with_font("/Subtype/Type1/BaseFont/Helvetica");
    let workspace = Workspace::new();
    workspace
        .write("one.pdf", &page)
        .write(
            "two.pdf",
            page.replace("/Kids[3 0 R]/Count 1", "/Kids[3 0 R 7 0 R]/Count 2")
                .replace(
                    "trailer",
                    "7 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R/G 6 0 R>>>>>>\nendobj\ntrailer",
                ),
        )
        // Ten operators and fourteen characters a page, and a little for the size of its content.
        .write("palmares.toml", "[limits]\noperations = 40\n");
    let one = workspace.run(&["explain", "one.pdf"]);
    assert_eq!(one.code, 0, "{}", one.transcript());
    let two = workspace.run(&["explain", "two.pdf"]);
    assert_eq!(two.code, 1, "{}", two.transcript());
    let message =
        "the PDF has more than 40 drawing operations\nhint: raise `operations` under [limits]";
    assert!(two.stderr.contains(message), "{}", two.transcript());
}

#[test]
fn limits_that_make_no_sense_are_named() {
    let workspace = Workspace::new();
    workspace.write("a.txt", SAMPLE);
    for (limits, message) in [
        ("seconds = 0", "`limits.seconds` is not above 0"),
        ("seconds = nan", "`limits.seconds` is not above 0"),
        ("megabytes = 3", "`limits.megabytes` is under 64"),
        ("secnds = 3", "hint: the nearest key is `seconds`"),
        (
            "bytes = 10",
            " bytes, the limit is 10\nhint: raise `bytes` under [limits]",
        ),
    ] {
        workspace.write("palmares.toml", format!("[limits]\n{limits}\n"));
        let ran = workspace.run(&["extract", "a.txt"]);
        assert_ne!(ran.code, 0, "{}", ran.transcript());
        assert!(ran.stderr.contains(message), "{}", ran.transcript());
    }
}

#[cfg(target_os = "linux")]
mod processes {
    use std::fs;
    use std::process::{Child, Command, Stdio};
    use std::thread::sleep;
    use std::time::{Duration, Instant};

    use super::*;

    /// Waits until something is the case; two minutes at most, for the machine may be busy.
    #[track_caller]
    fn wait_for<T>(what: &str, find: impl Fn() -> Option<T>) -> T {
        let start = Instant::now();
        loop {
            if let Some(found) = find() {
                return found;
            }
            assert!(start.elapsed() < Duration::from_mins(2), "no {what}");
            sleep(Duration::from_millis(20));
        }
    }

    /// State and parent of a process, from what follows the name in brackets.
    fn state_and_parent(process: u32) -> Option<(char, u32)> {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        let mut fields = stat.rsplit(')').next()?.split_whitespace();
        let state = fields.next()?.chars().next()?;
        Some((state, fields.next()?.parse().ok()?))
    }

    /// The worker of a run, once it has used some time: it is in the middle of the heavy document, which is read first.
    fn busy_worker(run: &Child) -> u32 {
        wait_for("worker", || {
            let processes = fs::read_dir("/proc").ok()?;
            processes
                .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
                .find(|process| {
                    state_and_parent(*process).is_some_and(|(_, parent)| parent == run.id())
                        && fs::read_to_string(format!("/proc/{process}/status")).is_ok_and(
                            |status| {
                                // The heavy document itself has 20 MB.
                                let size =
                                    status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
                                size.and_then(|size| {
                                    size.trim().strip_suffix("kB")?.trim().parse().ok()
                                })
                                .is_some_and(|size: u64| size > 45_000)
                            },
                        )
                })
        })
    }

    fn kill(process: u32) {
        let status = Command::new("kill")
            .args(["-9", &process.to_string()])
            .status()
            .expect("there is a `kill`");
        assert!(status.success());
    }

    fn start(workspace: &Workspace) -> Child {
        workspace
            .command(&["run", "--jobs", "1"])
            .stderr(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the command can be run")
    }

    #[test]
    fn a_worker_that_is_killed_costs_its_document() {
        let workspace = with_heavy(20, "megabytes = 8000\nseconds = 600\n");
        let run = start(&workspace);
        kill(busy_worker(&run));
        let ran = Ran::from(run.wait_with_output().expect("the command ends"));
        check_others_are_read(
            &workspace,
            &ran,
            "error: cannot process `raw/lourd.txt`: the process that read it ended before it was done (signal: 9 (SIGKILL))\n\
             hint: ",
        );
    }

    #[test]
    fn a_run_that_is_killed_leaves_no_worker() {
        let workspace = with_heavy(20, "megabytes = 8000\nseconds = 600\n");
        let mut run = start(&workspace);
        let worker = busy_worker(&run);
        kill(run.id());
        run.wait().expect("the command ends");
        wait_for("end of the worker", || {
            let is_gone = state_and_parent(worker).is_none_or(|(state, _)| state == 'Z');
            is_gone.then_some(())
        });
    }
}
