//! Entries that each have a page: what stands on the page belongs to the entry, above or beside the line that it was found by.

use std::ops::Range;

use super::entries::{LONGEST_HEAD, Span};
use super::units::Unit;
use crate::model::document::Document;

/// Two pages that begin alike are an accident; so is one page in five that does not.
const FEWEST: usize = 3;
const ALIKE: f32 = 0.8;

/// Widens entries to their pages where each starts on a page of its own and these pages begin alike: a sheet for each laureate, or a spread, whose label
/// stands on its right page. A document whose text runs on begins its pages with whatever comes.
pub(super) fn widen(document: &Document, list: &[Unit], spans: &mut [Span]) {
    const SPREAD: u32 = 1;
    for before in 0..=SPREAD {
        if widen_from(before, document, list, spans) {
            return;
        }
    }
}

/// The same, where entries begin so many pages before the text that they were found by; whether they do.
fn widen_from(before: u32, document: &Document, list: &[Unit], spans: &mut [Span]) -> bool {
    let page_of = |index: usize| -> Option<u32> {
        document
            .blocks
            .get(list.get(index)?.block)
            .and_then(|block| block.page)
    };
    // What was taken for a head on the page before is the end of that page's entry: a quotation at its foot.
    let start_of = |span: &Span| {
        let page = page_of(span.body.start);
        span.head
            .clone()
            .find(|index| page_of(*index) == page)
            .unwrap_or(span.body.start)
    };
    let mut pages: Vec<Range<usize>> = Vec::with_capacity(spans.len());
    for span in spans.iter() {
        let start = start_of(span);
        let Some(page) = page_of(start) else {
            return false;
        };
        let first = (0..start)
            .rev()
            .take_while(|index| page_of(*index).is_some_and(|other| other + before >= page))
            .last()
            .unwrap_or(start);
        if page_of(first).is_none_or(|first| first + before != page) {
            return false;
        }
        let end = (start..list.len())
            .take_while(|index| page_of(*index) == Some(page))
            .count()
            + start;
        if pages.last().is_some_and(|before| before.end > first) {
            return false;
        }
        pages.push(first..end);
    }
    let class = |page: &Range<usize>| {
        list.get(page.start)
            .filter(|unit| unit.is_head_like())
            .map(|unit| unit.class)
    };
    let alike = pages
        .iter()
        .filter(|page| class(page).is_some() && class(page) == pages.last().and_then(class))
        .count();
    let is_whole = spans
        .iter()
        .zip(&pages)
        .all(|(span, page)| span.head.start == page.start);
    if is_whole {
        return true;
    }
    if pages.len() < FEWEST || (alike as f32) < ALIKE * pages.len() as f32 {
        return false;
    }
    let mut above = 0;
    for (number, span) in spans.iter_mut().enumerate() {
        let Some(page) = pages.get(number) else { break };
        let n_heads = list
            .get(page.clone())
            .unwrap_or_default()
            .iter()
            .take(LONGEST_HEAD)
            .take_while(|unit| unit.is_head_like() && unit.label.is_none())
            .count();
        let next = pages.get(number + 1).map_or(list.len(), |next| next.start);
        let head_end = page.start + n_heads;
        span.context = above..page.start;
        span.head = page.start..head_end;
        span.body = head_end..span.body.end.min(next).max(head_end);
        above = span.body.end;
    }
    true
}
