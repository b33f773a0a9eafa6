//! Scratch.
use palmares::*;
use std::io::Write;
fn main() {
    let mut out = std::io::stdout().lock();
    for path in std::env::args().skip(1) {
        if path.starts_with("--") {
            continue;
        }
        let src = ingest::discover(&[std::path::PathBuf::from(&path)]);
        let limits = config::Limits::default();
        for s in src.sources.iter() {
            let raw = ingest::ingest(s, &limits).unwrap();
            let doc = pipeline::to_document(&raw, &limits).unwrap().output;
            let seg = segment::segment(&doc, &profile::LEXICON, None);
            if std::env::args().any(|a| a == "--units") {
                for (i, u) in seg.units.list.iter().enumerate() {
                    writeln!(
                        out,
                        "{i} b{} p{:?} {:?} c{} {:?} rep={} | {:?}",
                        u.block,
                        doc.blocks[u.block].page,
                        u.form,
                        u.class,
                        u.label.as_ref().map(|l| (l.field, &l.text)),
                        u.repeated,
                        u.text.as_str().chars().take(90).collect::<String>()
                    )
                    .unwrap();
                }
                for (i, c) in seg.units.classes.iter().enumerate() {
                    writeln!(out, "class {i}: {c}").unwrap();
                }
            }
            if std::env::args().any(|a| a == "--seg") {
                writeln!(out, "chosen {:#?}", seg.chosen).unwrap();
                for r in &seg.runners_up {
                    writeln!(out, "runner {} {:.3} {:?}", r.method, r.score, r.features).unwrap();
                }
                for e in &seg.entries {
                    let t = |r: &std::ops::Range<usize>| {
                        seg.units.list[r.clone()]
                            .iter()
                            .map(|u| u.text.as_str().chars().take(40).collect::<String>())
                            .collect::<Vec<_>>()
                    };
                    writeln!(
                        out,
                        "ctx {:?}\n   head {:?}\n   body {:?}",
                        t(&e.context),
                        t(&e.head),
                        t(&e.body)
                    )
                    .unwrap();
                }
                for a in &seg.announced {
                    writeln!(out, "announced {} {:?}", a.count, a.text.as_str()).unwrap();
                }
            }
        }
    }
}
