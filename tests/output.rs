//! What README promises of output folders: whole or not at all, never at the cost of what palmares did not write, on a mount point too.

#[expect(dead_code, reason = "these tests need a part of it")]
mod workspace;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Instant;

use workspace::{Ran, SAMPLE, Workspace, check};

/// Files whose bytes differ neither from run to run nor from folder to folder: links of the report lead from where it lies.
const STABLE: [&str; 9] = [
    "documents.ndjson",
    "laureates.csv",
    "laureates.json",
    "laureates.ndjson",
    "laureats.csv",
    "links.ndjson",
    "mentions.ndjson",
    "organisations.ndjson",
    "rejects.ndjson",
];

const ALL: [&str; 12] = [
    STABLE[0],
    STABLE[1],
    STABLE[2],
    STABLE[3],
    STABLE[4],
    STABLE[5],
    STABLE[6],
    STABLE[7],
    "registry.ndjson",
    STABLE[8],
    "report.html",
    "run.json",
];

/// Runs that are killed in each test that kills.
const KILLS: u32 = 20;

fn with_document() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("raw/a.txt", SAMPLE);
    workspace
}

/// The bytes of the files that do not differ from run to run.
fn content(folder: &Path) -> BTreeMap<&'static str, Vec<u8>> {
    STABLE
        .into_iter()
        .map(|name| (name, fs::read(folder.join(name)).unwrap()))
        .collect()
}

fn listing(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn a_run_in_which_every_document_fails_leaves_the_last_output() {
    let workspace = with_document();
    check(&workspace.run(&["run"]), 0, &[]);
    let folder = workspace.path().join("extracted");
    let before = content(&folder);
    workspace.write("vide.pdf", "").write(
        "blanche.html",
        "<!DOCTYPE html><html><body><div id=app></div>",
    );
    for inputs in [
        &["vide.pdf"][..],
        &["blanche.html"],
        &["vide.pdf", "blanche.html"],
    ] {
        let arguments = [&["run"], inputs].concat();
        let expected = "no document could be read: `extracted` is left as it was";
        check(&workspace.run(&arguments), 1, &[expected]);
        assert!(content(&folder) == before);
        assert_eq!(listing(&folder), ALL);
    }
    check(&workspace.run(&["run", "vide.pdf", "-o", "autre"]), 1, &[]);
    assert!(!workspace.path().join("autre").exists());
    check(&workspace.run(&["run", "raw", "vide.pdf"]), 1, &[]);
    let rejects = workspace.read("extracted/rejects.ndjson");
    assert!(rejects.contains("the file is empty"), "{rejects}");
}

#[test]
fn the_output_folder_is_not_the_input_folder() {
    let workspace = with_document();
    for arguments in [
        &["run", "raw", "-o", "raw"][..],
        &["run", "raw", "-o", "./raw/../raw"],
        &["run", ".", "-o", "."],
        &["run", "raw/a.txt", "raw", "-o", "raw"],
    ] {
        let message = "the output folder is the input folder";
        check(&workspace.run(arguments), 2, &[message, "hint: "]);
        assert_eq!(workspace.listing("raw"), ["a.txt"]);
        assert_eq!(workspace.listing("."), ["raw"]);
    }
}

#[test]
fn an_output_folder_in_the_input_folder_is_no_input() {
    let workspace = with_document();
    let run = || workspace.run(&["run", "raw", "-o", "raw/sortie"]);
    check(&run(), 0, &[]);
    let first = content(&workspace.path().join("raw/sortie"));
    workspace.write("raw/sortie/notes.txt", SAMPLE.replace("Brest", "Quimper"));
    check(&run(), 0, &["1 document,"]);
    assert!(content(&workspace.path().join("raw/sortie")) == first);
    // The output of another run is none either, and is told.
    check(
        &workspace.run(&["run", "raw", "-o", "ailleurs"]),
        0,
        &["1 file skipped: the output of a run"],
    );
    assert!(content(&workspace.path().join("ailleurs")) == first);
}

#[test]
fn named_files_beside_the_output_are_read() {
    let workspace = with_document();
    for _ in 0..2 {
        check(
            &workspace.run(&["run", "raw/*.txt", "-o", "raw"]),
            0,
            &["1 document,"],
        );
    }
    assert_eq!(workspace.read("raw/a.txt"), SAMPLE);
}

#[test]
fn what_palmares_did_not_write_is_never_replaced() {
    let refused = |arguments: &[&str], prepare: &dyn Fn(&Workspace), kept: &str| {
        let workspace = with_document();
        workspace.write("liste.csv", "nom,ville\nRadio Rivage,Brest\n");
        prepare(&workspace);
        let message = "that palmares did not write";
        check(
            &workspace.run(arguments),
            2,
            &[message, "hint: move it away"],
        );
        assert_eq!(workspace.read(kept), "à moi");
    };
    let run = ["run"];
    refused(
        &run,
        &|workspace| {
            workspace.write("extracted/laureates.csv", "à moi");
        },
        "extracted/laureates.csv",
    );
    refused(
        &run,
        &|workspace| {
            workspace.write("extracted/laureates.csv/a.txt", "à moi");
        },
        "extracted/laureates.csv/a.txt",
    );
    refused(
        &run,
        &|workspace| {
            workspace.write("extracted/run.json", "à moi");
        },
        "extracted/run.json",
    );
    refused(
        &["link", "liste.csv", "-o", "liens"],
        &|workspace| {
            workspace.write("liens/links.ndjson/a.txt", "à moi");
        },
        "liens/links.ndjson/a.txt",
    );
}

#[cfg(unix)]
#[test]
fn a_link_is_no_output_and_a_link_to_the_folder_is_the_folder() {
    use std::os::unix::fs::symlink;
    let workspace = with_document();
    let path = |name: &str| workspace.path().join(name);
    fs::create_dir(path("vrai")).unwrap();
    symlink("vrai", path("lien")).unwrap();
    for _ in 0..2 {
        check(&workspace.run(&["run", "-o", "lien"]), 0, &[]);
        assert_eq!(workspace.listing("vrai"), ALL);
        assert!(path("lien").is_symlink());
    }
    symlink("nulle-part", path("casse")).unwrap();
    let expected = "it is a link to what does not exist";
    check(&workspace.run(&["run", "-o", "casse"]), 2, &[expected]);
    workspace.write("cible", "");
    fs::create_dir(path("autre")).unwrap();
    symlink("../cible", path("autre/run.json")).unwrap();
    check(
        &workspace.run(&["run", "-o", "autre"]),
        2,
        &["did not write"],
    );
    assert!(path("autre/run.json").is_symlink());
}

#[test]
fn a_run_from_inside_the_output_folder_replaces_its_files() {
    let workspace = with_document();
    check(&workspace.run(&["run"]), 0, &[]);
    let inside = workspace.path().join("extracted");
    let expected = content(&inside);
    fs::remove_file(inside.join("links.ndjson")).unwrap();
    workspace.write("extracted/notes.txt", "à moi");
    let mut command = workspace.command(&["run", "../raw/a.txt", "-o", "."]);
    check(
        &Ran::from(command.current_dir(&inside).output().unwrap()),
        0,
        &[],
    );
    assert_eq!(content(&inside)["links.ndjson"], expected["links.ndjson"]);
    assert_eq!(listing(&inside).len(), ALL.len() + 1);
}

#[cfg(feature = "pictures")]
#[test]
fn pictures_of_pages_go_with_the_report() {
    let workspace = with_document();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let brochure = fs::read(root.join("raw/laureats-agir-2022.pdf")).unwrap();
    workspace.write("raw/b.pdf", brochure);
    let folder = workspace.path().join("extracted/report-pages");
    let pictures = || -> BTreeMap<String, Vec<u8>> {
        let names = listing(&folder).into_iter();
        names
            .map(|name| (name.clone(), fs::read(folder.join(name)).unwrap()))
            .collect()
    };
    check(
        &workspace.run(&["run", "--with-pages", "--jobs", "1"]),
        0,
        &[],
    );
    let (first, report) = (pictures(), workspace.read("extracted/report.html"));
    assert!(!first.is_empty());
    for (name, picture) in &first {
        assert!(picture.starts_with(b"\x89PNG"), "{name}");
        assert!(
            report.contains(&format!("{{\"file\":\"{name}\",\"size\":[")),
            "{name}"
        );
    }
    assert!(report.contains(" img-src 'self';"));
    check(
        &workspace.run(&["run", "--with-pages", "--jobs", "3"]),
        0,
        &[],
    );
    assert_eq!(pictures(), first);
    assert_eq!(workspace.read("extracted/report.html"), report);
    // They are no part of what a run without them writes, whether folders trade places or files are replaced one by one.
    let inside = workspace.path().join("extracted");
    let run_inside = |arguments: &[&str]| {
        let run = ["run", "../raw/a.txt", "../raw/b.pdf", "-o", "."];
        let mut command = workspace.command(&[&run, arguments].concat());
        check(
            &Ran::from(command.current_dir(&inside).output().unwrap()),
            0,
            &[],
        );
    };
    run_inside(&["--with-pages"]);
    assert_eq!(pictures(), first);
    run_inside(&[]);
    assert!(!folder.exists());
    check(&workspace.run(&["run", "--with-pages"]), 0, &[]);
    assert_eq!(pictures(), first);
    check(&workspace.run(&["run"]), 0, &[]);
    assert!(!folder.exists());
    let report = workspace.read("extracted/report.html");
    assert!(!report.contains("img-src") && !report.contains("report-pages"));
    // A folder of this name that somebody else made is theirs.
    workspace.write("extracted/report-pages/notes.txt", "à moi");
    check(&workspace.run(&["run"]), 0, &[]);
    assert_eq!(workspace.read("extracted/report-pages/notes.txt"), "à moi");
    check(
        &workspace.run(&["run", "--with-pages"]),
        2,
        &["`report-pages` that palmares did not write"],
    );
}

/// A PDF of one page as large as a banner, which takes more memory to draw than to read.
#[cfg(all(feature = "pictures", target_os = "linux"))]
fn banner() -> String {
    // The font has letters without accents alone.
    let plain = SAMPLE.replace('–', "-").replace('é', "e").replace('à', "a");
    let lines = plain.lines().filter(|line| line.is_ascii());
    let shown: Vec<String> = lines.map(|line| format!("({line}) Tj T*")).collect();
    let text = format!("BT /F 12 Tf 72 3800 Td 16 TL {} ET", shown.join(" "));
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 3900 3900]/Contents 4 0 R/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>".to_owned(),
        format!("<</Length {}>>stream\n{text}\nendstream", text.len()),
    ];
    let numbered = (1..).zip(objects);
    let body: Vec<String> = numbered
        .map(|(n, object)| format!("{n} 0 obj\n{object}\nendobj\n"))
        .collect();
    format!(
        "%PDF-1.4\n{}trailer<</Root 1 0 R/Size 5>>\n%%EOF\n",
        body.concat()
    )
}

#[cfg(all(feature = "pictures", target_os = "linux"))]
#[test]
fn a_page_that_cannot_be_drawn_is_told_and_its_values_are_kept() {
    let workspace = with_document();
    workspace.write("raw/banner.pdf", banner());
    workspace.write("palmares.toml", "[limits]\nmegabytes = 150\n");
    let told = "raw/banner.pdf, page 1: 1 page is not shown in the report: reading it took more than 150 MB";
    check(&workspace.run(&["run", "--with-pages"]), 0, &[told]);
    let mentions = workspace.read("extracted/mentions.ndjson");
    assert!(mentions.contains("raw/banner.pdf"));
    check(
        &workspace.run(&["run", "--with-pages", "--strict"]),
        1,
        &[told],
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_whose_parent_cannot_be_written_gets_its_files_all_the_same() {
    use std::os::unix::fs::PermissionsExt;
    let workspace = with_document();
    check(&workspace.run(&["run", "-o", "sortie"]), 0, &[]);
    let expected = content(&workspace.path().join("sortie"));
    let parent = workspace.path().join("parent");
    let folder = parent.join("sortie");
    fs::create_dir_all(&folder).unwrap();
    let permit = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    permit(workspace.path(), 0o755);
    permit(&folder, 0o777);
    permit(&parent, 0o555);
    // Root may write anywhere: the command becomes somebody else.
    let as_another = ["--reuid=65534", "--regid=65534", "--clear-groups", "--"];
    let is_root = fs::write(parent.join("essai"), "").is_ok();
    if is_root {
        fs::remove_file(parent.join("essai")).unwrap();
    }
    // Nor may somebody else look into the folder where it is built.
    let palmares = workspace.path().join("palmares");
    fs::copy(env!("CARGO_BIN_EXE_palmares"), &palmares).unwrap();
    for _ in 0..2 {
        let mut command = std::process::Command::new(if is_root {
            Path::new("setpriv")
        } else {
            &palmares
        });
        if is_root {
            command.args(as_another).arg(&palmares);
        }
        command.args(["run", "raw", "-o", "parent/sortie"]);
        let ran = command.current_dir(workspace.path()).output().unwrap();
        check(&Ran::from(ran), 0, &[]);
        assert!(content(&folder) == expected);
        assert_eq!(listing(&folder), ALL);
        assert_eq!(listing(&parent), ["sortie"]);
    }
    permit(&parent, 0o755);
}

#[test]
fn a_run_that_is_killed_at_any_moment_leaves_a_whole_output() {
    let workspace = Workspace::new();
    kill_at_any_moment(&workspace, &workspace.path().join("extracted"), false);
}

/// Runs over one document or another, each killed at a moment of its own, and looks at what is left. Where files can be seen in the middle of being
/// replaced, the next run puts that right.
fn kill_at_any_moment(workspace: &Workspace, folder: &Path, one_by_one: bool) {
    workspace
        .write("un/a.txt", SAMPLE)
        .write("deux/a.txt", SAMPLE.replace("Brest", "Quimper"))
        .write("vide.pdf", "");
    let output = folder.to_str().unwrap();
    let start = Instant::now();
    let mut states = Vec::new();
    for input in ["un", "deux"] {
        check(&workspace.run(&["run", input, "-o", output]), 0, &[]);
        states.push(content(folder));
    }
    let usual = start.elapsed() / 2;
    let is_whole = || states.contains(&content(folder));
    for number in 0..KILLS {
        let input = ["un", "deux"][number as usize % 2];
        let mut child = workspace
            .command(&["run", "-q", input, "-o", output])
            .spawn()
            .unwrap();
        // The golden ratio spreads the moments evenly, in no order.
        let moment = f64::from(number) * 0.618_033_988_75 % 1.0;
        std::thread::sleep(usual.mul_f64(moment * 1.1));
        child.kill().unwrap();
        child.wait().unwrap();
        for (name, bytes) in content(folder) {
            assert!(
                states.iter().any(|state| state[name] == bytes),
                "{name} is torn"
            );
        }
        assert!(is_whole() || (one_by_one && folder.join(".palmares-pending").is_dir()));
        // Whatever becomes of the next run.
        check(
            &workspace.run(&["run", "-q", "vide.pdf", "-o", output]),
            1,
            &[],
        );
        assert!(is_whole());
    }
    check(&workspace.run(&["run", "un", "-o", output]), 0, &[]);
    assert!(content(folder) == states[0]);
}

#[cfg(target_os = "linux")]
mod on_a_mount_point {
    use std::io::Write;
    use std::process::Command;

    use super::*;

    /// Where the test finds file systems of its own when it is run again among them.
    const MOUNTED: &str = "PALMARES_TEST_MOUNTED";

    /// Mounts a file system of its own, one of 256 KB, one that can only be read, and a folder of the first on another of it.
    const MOUNT: &str = r#"
        mount -t tmpfs tmpfs "$0" &&
        mkdir "$0/small" "$0/fixed" "$0/one" "$0/other" &&
        mount -t tmpfs -o size=320k tmpfs "$0/small" &&
        mount -t tmpfs -o ro tmpfs "$0/fixed" &&
        mount --bind "$0/one" "$0/other" &&
        exec "$@""#;

    /// Runs the test of this name again among file systems of its own, where it runs `body`. Where the system does not let us mount, it says so.
    fn among_mounts(name: &str, body: impl FnOnce(&Path)) {
        if let Some(folder) = std::env::var_os(MOUNTED) {
            return body(Path::new(&folder));
        }
        let here = tempfile::tempdir().unwrap();
        let mounted = |flags: &str, command: &[&std::ffi::OsStr]| {
            Command::new("unshare")
                .args([flags, "--", "sh", "-c", MOUNT])
                .arg(here.path())
                .args(command)
                .env(MOUNTED, here.path())
                .output()
        };
        let may =
            |flags: &&str| mounted(flags, &["true".as_ref()]).is_ok_and(|ran| ran.status.success());
        // As root, or as a user who is root in a namespace of his own.
        let Some(flags) = ["-m", "-rm"].into_iter().find(may) else {
            let message = format!("\n{name} did not run: nothing may be mounted here\n");
            std::io::stderr().write_all(message.as_bytes()).unwrap();
            assert!(
                std::env::var_os("CI").is_none_or(|value| value != "true"),
                "in CI it must run"
            );
            return;
        };
        let this = std::env::current_exe().unwrap();
        let name = format!("on_a_mount_point::{name}");
        let arguments = [
            this.as_os_str(),
            name.as_ref(),
            "--exact".as_ref(),
            "--nocapture".as_ref(),
        ];
        let ran = Ran::from(mounted(flags, &arguments).unwrap());
        assert_eq!(ran.code, 0, "{}", ran.transcript());
        assert!(ran.stdout.contains("1 passed"), "{}", ran.transcript());
    }

    #[test]
    fn a_run_writes_and_replaces_its_files() {
        among_mounts("a_run_writes_and_replaces_its_files", |mounts| {
            let workspace = with_document();
            check(&workspace.run(&["run", "-o", "sortie"]), 0, &[]);
            let expected = content(&workspace.path().join("sortie"));
            for folder in [
                mounts.to_owned(),
                mounts.join("other"),
                mounts.join("small"),
            ] {
                let before = listing(&folder);
                fs::write(folder.join("notes.txt"), "à moi").unwrap();
                for _ in 0..2 {
                    let ran = workspace.run(&["run", "-o", folder.to_str().unwrap()]);
                    check(&ran, 0, &[]);
                    assert!(content(&folder) == expected);
                }
                assert_eq!(
                    fs::read_to_string(folder.join("notes.txt")).unwrap(),
                    "à moi"
                );
                assert_eq!(listing(&folder).len(), before.len() + ALL.len() + 1);
            }
        });
    }

    #[test]
    fn a_full_disk_keeps_the_last_output() {
        among_mounts("a_full_disk_keeps_the_last_output", |mounts| {
            let workspace = with_document();
            let folder = mounts.join("small");
            let output = folder.to_str().unwrap();
            check(&workspace.run(&["run", "-o", output]), 0, &[]);
            let before = content(&folder);
            for number in 0..100 {
                workspace.write(
                    format!("raw/{number}.txt"),
                    SAMPLE.replace("Brest", &format!("Brest {number}")),
                );
            }
            let ran = workspace.run(&["run", "--links", "none", "-q", "-o", output]);
            check(&ran, 2, &["cannot write", "no space is left"]);
            assert!(content(&folder) == before);
            assert_eq!(listing(&folder), ALL);
        });
    }

    #[test]
    fn what_can_only_be_read_is_refused_before_work_starts() {
        among_mounts(
            "what_can_only_be_read_is_refused_before_work_starts",
            |mounts| {
                let workspace = with_document();
                for folder in ["fixed", "fixed/deep/er"] {
                    let output = mounts.join(folder);
                    let ran = workspace.run(&["run", "-o", output.to_str().unwrap()]);
                    check(
                        &ran,
                        2,
                        &["error: cannot ", "it is read-only", "hint: name a folder"],
                    );
                    assert!(!ran.stderr.contains("raw/a.txt"), "{}", ran.transcript());
                }
            },
        );
    }

    #[test]
    fn a_run_that_is_killed_is_completed_by_the_next() {
        among_mounts("a_run_that_is_killed_is_completed_by_the_next", |mounts| {
            kill_at_any_moment(&Workspace::new(), mounts, true);
            kill_at_any_moment(&Workspace::new(), &mounts.join("other"), true);
        });
    }
}

#[test]
fn runs_into_one_folder_at_a_time_all_end_and_leave_one_of_their_outputs() {
    let workspace = Workspace::new();
    workspace
        .write("un/a.txt", SAMPLE)
        .write("deux/a.txt", SAMPLE.replace("Brest", "Quimper"));
    let folder = workspace.path().join("sortie");
    let mut states = Vec::new();
    for input in ["un", "deux"] {
        check(&workspace.run(&["run", input, "-o", "sortie"]), 0, &[]);
        states.push(content(&folder));
    }
    let children: Vec<_> = (0..6)
        .map(|number| {
            let input = ["un", "deux"][number % 2];
            workspace
                .command(&["run", "-q", input, "-o", "sortie"])
                .spawn()
                .unwrap()
        })
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert!(states.contains(&content(&folder)));
    assert_eq!(listing(&folder), ALL);
}
