//! Markdown, with the HTML fragments and tab-separated cells that conversions leave in it.
