//! PDF: positioned glyphs and drawn lines, page by page, over the hayro crates.
