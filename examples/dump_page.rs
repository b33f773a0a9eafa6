//! Prints what the PDF parser makes of one page: `cargo run --example dump_page -- FILE PAGE`.
#![expect(clippy::print_stdout, reason = "an example for developers prints")]

use palmares::config::Limits;
use palmares::model::page::PageSource;
use palmares::parse::pdf;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().expect("a path");
    let number: usize = arguments
        .next()
        .map_or(1, |number| number.parse().expect("a page number"));
    let bytes = std::fs::read(path).expect("the file can be read");
    let file = pdf::open(&bytes.into(), &Limits::default()).expect("the file can be opened");
    let page = file
        .reader()
        .page(number - 1)
        .expect("the page can be read");
    println!(
        "{} of {}: {}×{} {:?}",
        number,
        file.n_pages().0,
        page.width,
        page.height,
        file.metadata()
    );
    for span in &page.spans {
        let text: String = page
            .glyphs_of(span)
            .iter()
            .map(|glyph| glyph.character)
            .collect();
        let first = page.glyphs_of(span).first().map_or(0.0, |glyph| glyph.x0);
        let last = page.glyphs_of(span).last().map_or(0.0, |glyph| glyph.x1);
        println!(
            "T {first:6.1} {last:6.1} y {:6.1} ({:.1}-{:.1}) size {} {}{} {:06x} r{} f{} {text:?}",
            span.baseline,
            span.top,
            span.bottom,
            span.style.size,
            if span.style.bold { "b" } else { "" },
            if span.style.italic { "i" } else { "" },
            span.style.color,
            span.rotation,
            span.font
        );
    }
    for ruling in &page.rulings {
        println!("L {:?}", ruling.bbox);
    }
    for rect in &page.rects {
        println!(
            "R {:?} {:06x?} {} {}",
            rect.bbox, rect.fill, rect.stroked, rect.rounded
        );
    }
    println!("images {:?} links {:?}", page.images.len(), page.links);
}
