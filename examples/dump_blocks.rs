//! Prints the blocks that layout makes of a PDF: `cargo run --example dump_blocks -- FILE [FIRST_PAGE [LAST_PAGE]]`.
#![expect(clippy::print_stdout, reason = "an example for developers prints")]

use std::fmt::Write as _;
use std::time::Instant;

use palmares::config::Limits;
use palmares::layout;
use palmares::model::document::Block;
use palmares::model::raw::{DocumentId, Format, RawDocument};
use palmares::parse::pdf;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().expect("a path");
    let first: u32 = arguments
        .next()
        .map_or(1, |number| number.parse().expect("a page number"));
    let last: u32 = arguments
        .next()
        .map_or(u32::MAX, |number| number.parse().expect("a page number"));
    let bytes = std::fs::read(&path).expect("the file can be read");
    let raw = RawDocument {
        address: None,
        id: DocumentId::of(&bytes),
        path,
        format: Format::Pdf,
        bytes: bytes.into(),
    };
    let start = Instant::now();
    let file = match pdf::open(&raw.bytes, &Limits::default()) {
        Ok(file) => file,
        Err(error) => {
            println!("error: {error}");
            return;
        }
    };
    let opened = start.elapsed();
    let result = layout::analyze(&raw, &file);
    println!("# opened {opened:?}, in all {:?}", start.elapsed());
    for warning in &result.warnings {
        println!("# {warning}");
    }
    let document = result.output;
    println!(
        "# {:?} {:?} pages, {} blocks",
        document.metadata,
        document.n_pages,
        document.blocks.len()
    );
    if std::env::var_os("EVIDENCE").is_some() {
        // Each block as a record with its text for a name, for `evidence.py`.
        for (position, block) in document.blocks.iter().enumerate() {
            println!(
                "{}",
                serde_json::json!({
                    "document": {"path": document.path}, "position": position, "name": block.text.as_str(),
                    "evidence": {"/name": block.text.evidence(&())},
                })
            );
        }
        return;
    }
    for block in &document.blocks {
        let page = block.page.unwrap_or(0);
        if page >= first && page <= last {
            print(block, page);
        }
    }
}

fn print(block: &Block, page: u32) {
    let bbox = block.bbox.unwrap_or_default();
    let mut flags = String::new();
    if let Some(level) = block.level {
        write!(flags, " h{level}").expect("a string takes any text");
    }
    if let Some(marker) = &block.marker {
        write!(flags, " [{}]", marker.as_str()).expect("a string takes any text");
    }
    if block.depth > 0 {
        write!(flags, " d{}", block.depth).expect("a string takes any text");
    }
    if let Some(cell) = block.cell {
        write!(
            flags,
            " t{}r{}c{}{}",
            cell.table,
            cell.row,
            cell.column,
            if cell.header { "H" } else { "" }
        )
        .expect("a string takes any text");
    }
    if let Some(boxed) = block.boxed {
        write!(flags, " box{boxed}").expect("a string takes any text");
    }
    if !block.is_body() {
        flags += " furniture";
    }
    println!(
        "p{page} ({:.0},{:.0}-{:.0},{:.0}) {:?}{flags} {}{}{} {:06x}",
        bbox.x0,
        bbox.y0,
        bbox.x1,
        bbox.y1,
        block.label,
        block.style.size,
        if block.style.bold { "b" } else { "" },
        if block.style.italic { "i" } else { "" },
        block.style.color
    );
    let mut shown = String::new();
    let mut bold = false;
    for segment in block.text.segments() {
        let part = block
            .text
            .as_str()
            .get(segment.start as usize..segment.end as usize)
            .unwrap_or_default();
        if segment.style.bold != bold && !block.style.bold {
            shown.push_str("**");
            bold = segment.style.bold;
        }
        if segment.style.superscript && !part.trim().is_empty() {
            shown.push('^');
        }
        shown.push_str(part);
    }
    println!("    {}", shown.replace('\n', "⏎\n    "));
    for link in &block.links {
        println!(
            "    -> {} {:?}",
            link.target,
            block.text.as_str().get(link.range.clone())
        );
    }
}
