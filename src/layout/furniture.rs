//! Running headers, footers and folios: what stands at the same height near the edge of many pages, figures aside; and what does so at the edge
//! of what the pages say, wherever on the sheet that is, where it stands apart from the rest.

use rustc_hash::FxHashMap;

use super::PageLayout;
use super::blocks::Draft;
use super::footnotes;

/// Furniture stands in the top or bottom of the page, within this part of its height.
const MARGIN: f32 = 0.13;
/// Heights this close (points) are the same place.
const SAME_HEIGHT: f32 = 4.0;
/// It is on this part of all pages, or of the pages between the first and the last that have it.
const ON_MOST_PAGES: f32 = 0.5;
/// Type larger than the body's by more than this is a heading, unless most pages have it.
const HEADING_SIZE: f32 = 1.12;
/// Text this near (ems, from box to box) is of one piece.
const CLOSE: f32 = 0.75;
/// Longer texts (characters) do not run along.
const LONGEST: usize = 160;
/// What runs along far from the edge of the sheet is so far (ems) from the text, at least,
const APART: f32 = 1.2;
/// on three of five pages,
const ON_PAGES: (usize, usize) = (3, 5);
/// and on so many.
const FEWEST_PAGES: usize = 3;
/// Headers and footers have no more rows than this.
const MOST_EDGE_ROWS: usize = 3;

/// Page and draft by their indices, and the distance from the near edge of the page.
type Place = (usize, usize, f32);
/// The text with figures made alike, and whether it is at the bottom.
type Key = (String, bool);

/// Whether a draft is furniture, for each draft of each page.
pub(super) fn find(pages: &[PageLayout], body_size: f32) -> Vec<Vec<bool>> {
    let mut found: Vec<Vec<bool>> = pages
        .iter()
        .map(|page| vec![false; page.drafts.len()])
        .collect();
    if let ([page], [marks]) = (pages, found.as_mut_slice()) {
        mark_echoes(page, marks, body_size);
        return found;
    }
    // Texts in the margins, figures made alike, by half: where they are, and how often the same text stands elsewhere.
    let mut places: FxHashMap<Key, Vec<Place>> = FxHashMap::default();
    let mut elsewhere: FxHashMap<String, usize> = FxHashMap::default();
    for (page_idx, page) in pages.iter().enumerate() {
        for (draft_idx, draft) in page.drafts.iter().enumerate() {
            let Some(key) = key(draft) else { continue };
            if draft.bbox.y1 < MARGIN * page.height {
                places
                    .entry((key, false))
                    .or_default()
                    .push((page_idx, draft_idx, draft.bbox.y0));
            } else if draft.bbox.y0 > (1.0 - MARGIN) * page.height {
                if is_called_note(page, draft) {
                    continue;
                }
                places.entry((key, true)).or_default().push((
                    page_idx,
                    draft_idx,
                    page.height - draft.bbox.y1,
                ));
            } else {
                *elsewhere.entry(key).or_default() += 1;
            }
        }
    }
    let mut places: Vec<(Key, Vec<Place>)> = places.into_iter().collect();
    places.sort_by(|a, b| a.0.cmp(&b.0));
    for ((key, _), mut occurrences) in places {
        occurrences.sort_by(|a, b| a.2.total_cmp(&b.2).then(a.0.cmp(&b.0)));
        let mut rest = occurrences.as_slice();
        while let Some(first) = rest.first() {
            let n = rest.partition_point(|place| place.2 - first.2 <= SAME_HEIGHT);
            let (same, others) = rest.split_at(n);
            rest = others;
            if repeats(
                same,
                pages,
                body_size,
                elsewhere.get(&key).copied().unwrap_or(0),
                &key,
            ) {
                for &(page_idx, draft_idx, _) in same {
                    if let Some(mark) = found
                        .get_mut(page_idx)
                        .and_then(|page| page.get_mut(draft_idx))
                    {
                        *mark = true;
                    }
                }
            }
        }
    }
    for (page, marks) in pages.iter().zip(&mut found) {
        keep_with_text(page, marks);
    }
    for at_bottom in [false, true] {
        for _ in 0..MOST_EDGE_ROWS {
            if !mark_edge_rows(pages, &mut found, body_size, at_bottom) {
                break;
            }
        }
    }
    mark_artifacts(pages, &mut found);
    found
}

/// What stands as close to the text of its column or box as lines of one paragraph do belongs to it: a label that heads the same column of every
/// page, the first line of a box.
fn keep_with_text(page: &PageLayout, marks: &mut [bool]) {
    let is_text = |draft: &Draft, mark: bool| !mark && !draft.badge && !draft.rotated;
    for at in 0..marks.len() {
        let (Some(draft), Some(true)) = (page.drafts.get(at), marks.get(at)) else {
            continue;
        };
        let is_folio = key(draft).is_some_and(|key| !key.contains(char::is_alphabetic));
        let em = draft.first().map_or(0.0, |line| line.size);
        let at_top = draft.bbox.y1 < MARGIN * page.height;
        let touches = |other: &Draft| {
            let gap = if at_top {
                other.bbox.y0 - draft.bbox.y1
            } else {
                draft.bbox.y0 - other.bbox.y1
            };
            (draft.frame.is_some() && other.frame == draft.frame)
                || other.leaf == draft.leaf
                    && other.bbox.overlap_x(&draft.bbox) > 0.0
                    && (-0.5..CLOSE).contains(&(gap / em))
        };
        let belongs = page
            .drafts
            .iter()
            .zip(marks.iter())
            .any(|(other, mark)| is_text(other, *mark) && touches(other));
        if belongs
            && !is_folio
            && let Some(mark) = marks.get_mut(at)
        {
            *mark = false;
        }
    }
}

/// The row of a page that nothing lies beyond but furniture.
struct EdgeRow {
    page_idx: usize,
    /// Its distance from the top of the page.
    y: f32,
    drafts: Vec<EdgeDraft>,
}

struct EdgeDraft {
    index: usize,
    /// Its text without the number at its end.
    text: String,
    /// By how much that number is larger than the page's index: the same on all pages, where it is the page's.
    offset: Option<i64>,
}

/// Marks the rows at one edge of what the pages say that stand apart and at one height on most pages, and say what others of them say or the number
/// of their page. A label or a heading that all pages begin with differs from these: what it is about stands close below it or beside it.
fn mark_edge_rows(
    pages: &[PageLayout],
    found: &mut [Vec<bool>],
    body_size: f32,
    at_bottom: bool,
) -> bool {
    let mut rows: Vec<EdgeRow> = (0..)
        .zip(pages.iter().zip(found.iter()))
        .filter_map(|(index, (page, marks))| edge_row(index, page, marks, body_size, at_bottom))
        .collect();
    rows.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.page_idx.cmp(&b.page_idx)));
    let n_pages = pages.iter().filter(|page| !page.drafts.is_empty()).count();
    let fewest = FEWEST_PAGES.max((n_pages * ON_PAGES.0).div_ceil(ON_PAGES.1));
    let mut marked = false;
    let mut rest = rows.as_slice();
    while let Some(first) = rest.first() {
        let (same, others) =
            rest.split_at(rest.partition_point(|row| row.y - first.y <= SAME_HEIGHT));
        rest = others;
        let mut offsets: FxHashMap<i64, usize> = FxHashMap::default();
        let mut texts: FxHashMap<&str, usize> = FxHashMap::default();
        for draft in same.iter().flat_map(|row| &row.drafts) {
            if let Some(offset) = draft.offset {
                *offsets.entry(offset).or_default() += 1;
            }
            *texts.entry(&draft.text).or_default() += 1;
        }
        let is_numbered = |draft: &EdgeDraft| {
            (draft.offset.and_then(|offset| offsets.get(&offset)))
                .is_some_and(|count| *count >= fewest)
        };
        let count = |draft: &EdgeDraft| texts.get(draft.text.as_str()).copied().unwrap_or(0);
        let is_running = |row: &&EdgeRow| {
            if row.drafts.iter().any(is_numbered) {
                // Chapters change from page to page: what stands beside the number at the foot of a page runs along, at its head it may be
                // a heading.
                (row.drafts.iter()).all(|draft| at_bottom || is_numbered(draft) || count(draft) > 1)
            } else {
                (row.drafts.iter())
                    .all(|draft| says_the_same(&draft.text) && count(draft) >= FEWEST_PAGES)
            }
        };
        let running: Vec<&EdgeRow> = same.iter().filter(is_running).collect();
        if running.len() < fewest {
            continue;
        }
        for row in running {
            for draft in &row.drafts {
                if let Some(marks) = found.get_mut(row.page_idx)
                    && let Some(mark) = marks.get_mut(draft.index)
                {
                    *mark = true;
                    marked = true;
                }
            }
        }
    }
    marked
}

/// The outermost row of a page that is no furniture yet, if it can be: short lines, no larger than the text, apart from it.
fn edge_row(
    page_idx: usize,
    page: &PageLayout,
    marks: &[bool],
    body_size: f32,
    at_bottom: bool,
) -> Option<EdgeRow> {
    let open: Vec<(usize, &Draft)> = (0..)
        .zip(page.drafts.iter().zip(marks))
        .filter(|(_, (draft, mark))| !**mark && !draft.rotated)
        .map(|(index, (draft, _))| (index, draft))
        .collect();
    let outermost = open.iter().map(|(_, draft)| *draft).reduce(|a, b| {
        let beyond = if at_bottom {
            b.bbox.y1 > a.bbox.y1
        } else {
            b.bbox.y0 < a.bbox.y0
        };
        if beyond { b } else { a }
    })?;
    let bounds = outermost.bbox;
    let em = outermost.first()?.size;
    let (row, others): (Vec<_>, Vec<_>) =
        (open.into_iter()).partition(|(_, draft)| draft.bbox.overlap_y(&bounds) > 0.0);
    let gap = others
        .iter()
        .map(|(_, draft)| {
            if at_bottom {
                bounds.y0 - draft.bbox.y1
            } else {
                draft.bbox.y0 - bounds.y1
            }
        })
        .fold(f32::INFINITY, f32::min);
    if gap < APART * em || gap == f32::INFINITY || em > HEADING_SIZE * body_size {
        return None;
    }
    let mut drafts = Vec::with_capacity(row.len());
    for (index, draft) in row {
        if draft.frame.is_some() || (at_bottom && is_called_note(page, draft)) {
            return None;
        }
        key(draft)?;
        let (text, number) = without_number(draft.first()?.text.as_str());
        let page_idx = i64::try_from(page_idx).ok()?;
        drafts.push(EdgeDraft {
            index,
            text,
            offset: number.map(|number: i64| number.saturating_sub(page_idx)),
        });
    }
    Some(EdgeRow {
        page_idx,
        y: bounds.y0,
        drafts,
    })
}

/// Whether a text that many pages have says nothing of each: a label's value and a sum may be the same by chance.
fn says_the_same(text: &str) -> bool {
    let count = |is: fn(char) -> bool| text.chars().filter(|c| is(*c)).count();
    count(char::is_alphabetic) > count(char::is_numeric) && !text.contains(':')
}

/// A line's text in small letters, and the number that it ends or begins with, apart.
fn without_number(line: &str) -> (String, Option<i64>) {
    let mut words: Vec<&str> = line.split_whitespace().collect();
    let number = |word: &&str| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        bare.parse().ok().or_else(|| roman(bare))
    };
    let mut found = words.last().and_then(number);
    if found.is_some() {
        words.pop();
    } else {
        found = words.first().and_then(number);
        if found.is_some() {
            words.remove(0);
        }
    }
    (words.join(" ").to_lowercase(), found)
}

/// The value of a number in Roman numerals: `xiv`.
fn roman(word: &str) -> Option<i64> {
    let value = |numeral: char| {
        Some(match numeral.to_ascii_lowercase() {
            'i' => 1,
            'v' => 5,
            'x' => 10,
            'l' => 50,
            'c' => 100,
            _ => return None,
        })
    };
    let values: Vec<i64> = word.chars().map(value).collect::<Option<_>>()?;
    let total = values
        .iter()
        .zip(values.iter().skip(1).chain(&[0]))
        .map(|(own, next)| if own < next { -own } else { *own })
        .sum();
    (total > 0).then_some(total)
}

/// What the producer marked as no part of the text, where it also stands in the margin.
fn mark_artifacts(pages: &[PageLayout], found: &mut [Vec<bool>]) {
    for (page, marks) in pages.iter().zip(found) {
        for (draft, mark) in page.drafts.iter().zip(marks) {
            let in_margin = draft.bbox.y1 < MARGIN * page.height
                || draft.bbox.y0 > (1.0 - MARGIN) * page.height;
            *mark |= in_margin && draft.lines.iter().all(|(_, line)| line.artifact);
        }
    }
}

fn repeats(
    same: &[Place],
    pages: &[PageLayout],
    body_size: f32,
    n_elsewhere: usize,
    key: &str,
) -> bool {
    let mut on: Vec<usize> = same.iter().map(|place| place.0).collect();
    on.sort_unstable();
    on.dedup();
    let n = on.len();
    if n < 2 {
        return false;
    }
    let is_folio = key.chars().all(|c| c == '#' || !c.is_alphabetic());
    if n_elsewhere >= n && !is_folio {
        return false;
    }
    let size = same
        .iter()
        .filter_map(|&(page_idx, draft_idx, _)| pages.get(page_idx)?.drafts.get(draft_idx)?.first())
        .map(|line| line.size)
        .fold(0.0, f32::max);
    let of_all = n as f32 / pages.len() as f32;
    if size > HEADING_SIZE * body_size && !is_folio {
        // A band with the name of a part is repeated on the pages of that part only.
        return of_all > 0.6 && n > 2;
    }
    let (first, last) = (
        on.first().copied().unwrap_or(0),
        on.last().copied().unwrap_or(0),
    );
    let span = (last - first + 1) as f32;
    let in_span = n as f32 / span;
    // Left and right pages may differ.
    let alternating = n > 2
        && on
            .windows(2)
            .all(|pair| matches!(pair, [a, b] if b - a == 2));
    let enough = if pages.len() == 2 { 2 } else { 3 };
    (of_all >= ON_MOST_PAGES && n >= 2)
        || (n >= enough && (in_span >= ON_MOST_PAGES || alternating))
}

/// On a lone page nothing repeats: a small line in the margin that says again what a larger one says, or a number alone, runs along all the same.
fn mark_echoes(page: &PageLayout, marks: &mut [bool], body_size: f32) {
    let size = |draft: &Draft| draft.first().map_or(0.0, |line| line.size);
    for (draft, mark) in page.drafts.iter().zip(marks) {
        let in_margin =
            draft.bbox.y1 < MARGIN * page.height || draft.bbox.y0 > (1.0 - MARGIN) * page.height;
        let Some(key) = key(draft).filter(|_| in_margin && size(draft) < body_size) else {
            continue;
        };
        let words = key.trim_matches(|c: char| c == '#' || !c.is_alphanumeric());
        let echoes = page
            .drafts
            .iter()
            .filter(|other| size(other) > size(draft))
            .filter_map(self::key)
            .any(|other| other == words);
        *mark |= words.is_empty() || echoes;
    }
}

/// Whether a draft is a note whose marker is raised in the text of its page: such notes may say the same on every page and still be content.
fn is_called_note(page: &PageLayout, draft: &Draft) -> bool {
    let Some((marker, _)) = footnotes::marker(draft) else {
        return false;
    };
    let calls = page
        .drafts
        .iter()
        .filter(|other| other.bbox.y1 < draft.bbox.y0)
        .flat_map(|other| &other.lines)
        .flat_map(|(_, line)| {
            let text = &line.text;
            text.segments()
                .iter()
                .filter(|segment| segment.style.superscript && segment.start > 0)
                .filter_map(move |segment| {
                    text.as_str()
                        .get(segment.start as usize..segment.end as usize)
                })
        });
    let number = |text: &str| text.trim_matches(['.', ')', '(', ' ']).to_owned();
    let wanted = number(marker.as_str());
    calls.into_iter().any(|call| number(call) == wanted)
}

/// The text with figures made alike, or nothing when it cannot be furniture.
fn key(draft: &Draft) -> Option<String> {
    if draft.cell.is_some() || draft.badge || draft.rotated || draft.lines.len() > 2 {
        return None;
    }
    let mut key = String::new();
    for (_, line) in &draft.lines {
        for character in line.text.as_str().chars() {
            if character.is_ascii_digit() {
                if !key.ends_with('#') {
                    key.push('#');
                }
            } else {
                key.extend(character.to_lowercase());
            }
        }
        key.push(' ');
    }
    let key = key.trim().to_owned();
    (!key.is_empty() && key.len() <= LONGEST).then_some(key)
}
