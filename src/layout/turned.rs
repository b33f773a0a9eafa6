//! Text that stands sideways or upside down on its page. In: a page; out: the pages, turned so that it is upright, of as much of it as is there to be read. Credits along an
//! edge and the heads of narrow columns are not: they stay what they are, lines beside the text.

use super::PageLayout;
use super::blocks::Draft;
use crate::model::geometry::Turn;
use crate::model::page::{Page, TextSpan};

/// Lines that are read run over this part of the turned page, from where the first of their text begins to where the last ends,
const WIDE: f32 = 0.3;
/// and are so many.
const FEWEST: usize = 3;
/// Baselines this near (ems) are one.
const SAME_LINE: f32 = 0.3;

/// Takes the text off the page that is read turned.
pub(super) fn take(page: &mut Page) -> Vec<Page> {
    let mut turned = std::mem::take(&mut page.turned);
    turned.retain(is_text);
    let (width, height) = (page.width, page.height);
    let turn = |span: &TextSpan| Turn::of(span.rotation, width, height);
    let is_taken = |span: &TextSpan| {
        turn(span).is_some_and(|turn| turned.iter().any(|taken| taken.turn == turn))
    };
    page.spans.retain(|span| !is_taken(span));
    turned
}

/// Whether what stands on a turned page are lines of text or of a table.
fn is_text(page: &Page) -> bool {
    let mut spans: Vec<(f32, f32, f32, f32)> = (page.spans.iter())
        .filter(|span| !span.invisible)
        .filter_map(|span| {
            let glyphs = page.glyphs_of(span);
            let (first, last) = (glyphs.first()?, glyphs.last()?);
            Some((span.baseline, span.style.size, first.x0, last.x1))
        })
        .collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let lines = spans.chunk_by(|a, b| b.0 - a.0 < SAME_LINE * a.1);
    let is_wide = |line: &&[(f32, f32, f32, f32)]| {
        let start = line.iter().map(|span| span.2).fold(f32::INFINITY, f32::min);
        let end = line.iter().map(|span| span.3).fold(0.0, f32::max);
        end - start > WIDE * page.width
    };
    lines.filter(is_wide).count() >= FEWEST
}

/// Says of all texts of a turned page how it was turned: from there on their places are those of the page as displayed.
pub(super) fn ground(layout: &mut PageLayout, turn: Turn) {
    let tagged = layout
        .tagged
        .iter_mut()
        .flat_map(|tagged| &mut tagged.drafts);
    for Draft { lines, marker, .. } in layout.drafts.iter_mut().chain(tagged) {
        for (_, line) in lines {
            line.text.set_turn(turn);
        }
        if let Some(marker) = marker {
            marker.set_turn(turn);
        }
    }
}
