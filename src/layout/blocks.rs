//! The lines of one column or cell in, drafts of blocks out: paragraphs, headings, list items.
//!
//! What ends a paragraph: a bullet, a label in bold type, another style, more leading, an indented line, or a line that stops although the next
//! word would have fitted.

use std::collections::HashMap;

use super::lines::{Line, same_style};
use super::tagged::Tag;
use crate::model::geometry::BoundingBox;
use crate::model::text::{Style, Text};

/// Leading beyond that of the column, as a factor and in ems, from which on lines are in different paragraphs.
const WIDER_LEADING: f32 = 1.14;
const WIDER_LEADING_EMS: f32 = 0.09;
/// Leading of a column whose lines give none: 1.2 is the typesetter's default, browsers and word processors use up to 1.5.
const USUAL_LEADING: f32 = 1.5;
/// More than this is between paragraphs, whatever the column's habit, unless most lines end within this part of its width from the edge.
const WIDEST_LEADING: f32 = 1.75;
const NEARLY_FULL: f32 = 0.12;
/// A line ends early when the next word and a space would have fitted, and this many ems more.
const EARLY_SLACK: f32 = 0.45;
/// Width of a space, in ems.
const SPACE: f32 = 0.25;
/// An indent is at least this many ems.
const INDENT: f32 = 0.9;
/// Lines whose centres or right edges are this close (points) are set centred or flush right.
const ALIGNED: f32 = 1.5;
/// Headings have at most so many lines: a longer run of bold lines is a paragraph in bold type.
const LONGEST_HEADING: usize = 5;
/// A stretch of lines shows how wide its text is set when it has at least so many.
const FEWEST_LINES_OF_STRETCH: usize = 3;
/// So many groups of lines are no accident.
const FEWEST_GROUPS: usize = 4;
/// And lines that end this near (ems) to the longest: no word of usual length would have fitted.
const FULL: f32 = 3.0;
/// Labels in front of a value are at most this long (characters).
const LONGEST_LABEL: usize = 60;

/// How a line follows the one before it in its block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Break {
    /// Typesetting broke the line.
    Soft,
    /// The author did.
    Hard,
}

/// A block before the document as a whole has been looked at.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) lines: Vec<(Break, Line)>,
    /// Bullet or number of a list item.
    pub(super) marker: Option<Text>,
    /// Whether its bullet is drawn.
    pub(super) bulleted: bool,
    pub(super) depth: u8,
    /// Where a list item's text starts.
    pub(super) text_x0: f32,
    pub(super) bbox: BoundingBox,
    /// Which column or cell of the page it is in.
    pub(super) leaf: u32,
    /// Frame it stands in.
    pub(super) frame: Option<u32>,
    /// Table of the page, row, column, whether its fill or type makes it a header.
    pub(super) cell: Option<(u32, u16, u16, bool)>,
    /// A numeral in a badge.
    pub(super) badge: bool,
    /// Not upright.
    pub(super) rotated: bool,
    /// Its part in a row of a text and a box that stand side by side.
    pub(super) row: Option<Row>,
    /// What it is of the document's structure.
    pub(super) tag: Option<Tag>,
    /// How many lines from the first on were found to be set in its style.
    n_alike: usize,
}

/// A draft's part in a row of a text and a box that stand side by side and begin level, by the row's number on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Row {
    /// The first of the text.
    Leads(u32),
    /// In the box.
    Beside(u32),
}

impl Draft {
    /// A draft of one line.
    pub(super) fn new(line: Line, leaf: u32) -> Self {
        Self {
            bbox: line.bbox,
            text_x0: line.bbox.x0,
            n_alike: usize::from(line.uniform),
            bulleted: line.bulleted,
            lines: vec![(Break::Soft, line)],
            marker: None,
            depth: 0,
            leaf,
            frame: None,
            cell: None,
            badge: false,
            rotated: false,
            row: None,
            tag: None,
        }
    }

    pub(super) fn push(&mut self, how: Break, line: Line) {
        self.bbox = self.bbox.union(&line.bbox);
        self.lines.push((how, line));
        if self.n_alike + 1 == self.lines.len() && self.uniform_style().is_some() {
            self.n_alike += 1;
        }
    }

    /// Whether it is an item of a list.
    pub(super) fn is_item(&self) -> bool {
        self.marker.is_some() || self.bulleted
    }

    /// The last line.
    pub(super) fn last(&self) -> Option<&Line> {
        self.lines.last().map(|(_, line)| line)
    }

    /// The first line.
    pub(super) fn first(&self) -> Option<&Line> {
        self.lines.first().map(|(_, line)| line)
    }

    /// Whether every line is set in the one style.
    pub(super) fn uniform_style(&self) -> Option<Style> {
        let style = self.first()?.first_style;
        // Asked of each line that may go on the block, so of lines since the last time only.
        self.lines
            .iter()
            .skip(self.n_alike)
            .all(|(_, line)| line.uniform && same_style(&line.first_style, &style))
            .then_some(style)
    }
}

/// Puts the lines of a leaf, from top to bottom, into drafts.
pub(super) fn build(mut lines: Vec<Line>, leaf: u32) -> Vec<Draft> {
    let mut measure = Measure::of(&lines);
    narrow_to_stretches(&mut lines, &measure);
    let mut drafts: Vec<Draft> = Vec::new();
    let mut lines = lines.into_iter().peekable();
    while let Some(line) = lines.next() {
        let decision = match drafts.last() {
            None => Decision::New,
            Some(draft) => decide(draft, &line, lines.peek(), &measure),
        };
        if let (Decision::Join(how), Some(draft)) = (decision, drafts.last_mut()) {
            draft.push(how, line);
            continue;
        }
        let draft = begin(line, leaf, drafts.last(), &measure);
        if let Some(marker) = &draft.marker {
            measure
                .items
                .push((marker.as_str().to_owned(), draft.bbox.x0));
        }
        drafts.push(draft);
    }
    set_depths(&mut drafts);
    drafts
}

/// Text beside a box may stay narrow below it: a line can have gone no further than the longest of its stretch, if that has lines enough to
/// show it.
fn narrow_to_stretches(lines: &mut [Line], measure: &Measure) {
    let mut start = 0;
    while start < lines.len() {
        let mut end = start + 1;
        while let (Some(above), Some(below)) = (lines.get(end - 1), lines.get(end)) {
            // A heading's lines show nothing of how wide the text below it is set.
            let other_size = (above.size - below.size).abs() > 0.08 * above.size;
            if measure.is_wider(above, below) || other_size {
                break;
            }
            end += 1;
        }
        if end - start >= FEWEST_LINES_OF_STRETCH
            && let Some(stretch) = lines.get_mut(start..end)
        {
            let reach = stretch
                .iter()
                .map(|line| line.bbox.x1)
                .fold(f32::NEG_INFINITY, f32::max);
            // One long line among short ones shows no measure: two lines that end alike do.
            let n_full = stretch
                .iter()
                .filter(|line| reach - line.bbox.x1 < FULL * line.size)
                .count();
            if n_full < 2 {
                start = end;
                continue;
            }
            for line in stretch {
                line.limit = line.limit.min(reach);
            }
        }
        start = end;
    }
}

enum Decision {
    New,
    Join(Break),
}

/// What the lines of a leaf have in common.
struct Measure {
    left: f32,
    /// Size that most characters are set in.
    size: f32,
    /// The leading of lines of each size within paragraphs, by size in hundredths of a point.
    leadings: HashMap<i32, f32>,
    /// Markers of list items so far, and their left edges.
    items: Vec<(String, f32)>,
    /// Whether short lines stand in groups, with more room between these than within.
    is_grouped: bool,
}

impl Measure {
    fn of(lines: &[Line]) -> Self {
        let left = lines
            .iter()
            .map(|line| line.bbox.x0)
            .fold(f32::INFINITY, f32::min);
        let right = lines
            .iter()
            .map(|line| line.bbox.x1)
            .fold(f32::NEG_INFINITY, f32::max);
        let n_full = lines
            .iter()
            .filter(|line| right - line.bbox.x1 < NEARLY_FULL * (right - left))
            .count();
        let mut sizes: Vec<(f32, usize)> = Vec::new();
        for line in lines {
            match sizes
                .iter_mut()
                .find(|(size, _)| (*size - line.size).abs() < 0.3)
            {
                Some((_, count)) => *count += line.text.len(),
                None => sizes.push((line.size, line.text.len())),
            }
        }
        let size = sizes
            .iter()
            .max_by_key(|(_, count)| *count)
            .map_or(10.0, |(size, _)| *size);
        let leadings: Vec<(f32, f32)> = lines
            .iter()
            .zip(lines.iter().skip(1))
            .filter(|(above, below)| (above.size - below.size).abs() < 0.3)
            .map(|(above, below)| (above.size, below.baseline - above.baseline))
            .filter(|(size, leading)| *leading > 0.7 * size && *leading < 3.0 * size)
            .collect();
        let fills = n_full * 5 >= lines.len() * 3;
        let mut measure = Self {
            left,
            size,
            leadings: leadings_by_size(leadings, lines, fills),
            items: Vec::new(),
            is_grouped: false,
        };
        measure.is_grouped = measure.groups(lines);
        measure
    }

    /// Whether lines stand in groups of a few short ones.
    fn groups(&self, lines: &[Line]) -> bool {
        let pairs = || lines.iter().zip(lines.iter().skip(1));
        let n_groups = 1 + pairs()
            .filter(|(above, below)| self.is_wider(above, below))
            .count();
        let within = || pairs().filter(|(above, below)| !self.is_wider(above, below));
        let n_within = within().count();
        let n_early = within()
            .filter(|(above, below)| ends_early(above, below))
            .count();
        n_groups >= FEWEST_GROUPS
            && n_within * 3 >= n_groups * 2
            && n_within < 5 * n_groups
            && n_early * 4 >= n_within * 3
    }

    /// Whether two lines are further apart than those of one paragraph.
    fn is_wider(&self, above: &Line, below: &Line) -> bool {
        let em = above.size.max(below.size);
        below.baseline - above.baseline
            > WIDER_LEADING * self.leading(above.size) + WIDER_LEADING_EMS * em
    }

    /// The leading of lines of this size within paragraphs.
    fn leading(&self, size: f32) -> f32 {
        self.leadings
            .get(&rounded(size))
            .copied()
            .unwrap_or(USUAL_LEADING * size)
    }
}

/// For each (rounded) size of `lines`, their leading within paragraphs: the lower quarter of what is seen at about this size, since gaps between paragraphs are larger.
/// Lines that stand far apart are items, unless they fill their column as double-spaced prose does (`fills`).
fn leadings_by_size(mut seen: Vec<(f32, f32)>, lines: &[Line], fills: bool) -> HashMap<i32, f32> {
    seen.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut leadings = HashMap::new();
    for line in lines {
        let size = line.size;
        leadings.entry(rounded(size)).or_insert_with(|| {
            let first = seen.partition_point(|(other, _)| size - other >= 0.3);
            let mut alike: Vec<f32> = seen
                .iter()
                .skip(first)
                .take_while(|(other, _)| other - size < 0.3)
                .map(|(_, leading)| *leading)
                .collect();
            let quarter = alike.len() / 4;
            let leading = if alike.len() < 2 {
                USUAL_LEADING * size
            } else {
                *alike.select_nth_unstable_by(quarter, f32::total_cmp).1
            };
            if fills {
                leading
            } else {
                leading.min(WIDEST_LEADING * size)
            }
        });
    }
    leadings
}

/// A type size in hundredths of a point: a page has few of them, however many its lines.
fn rounded(size: f32) -> i32 {
    #[expect(clippy::cast_possible_truncation, reason = "a size beyond is cut off")]
    let hundredths = (size * 100.0).round() as i32;
    hundredths
}

/// A draft that begins with a line, whatever stands before it.
pub(super) fn open(line: Line, leaf: u32) -> Draft {
    let measure = Measure::of(std::slice::from_ref(&line));
    begin(line, leaf, None, &measure)
}

/// Whether a line begins with a bullet or number.
pub(super) fn begins_with_marker(line: &Line, before: Option<&Draft>) -> bool {
    let measure = Measure::of(std::slice::from_ref(line));
    marker_length(line, before, &measure).is_some()
}

fn begin(mut line: Line, leaf: u32, before: Option<&Draft>, measure: &Measure) -> Draft {
    let marker = marker_length(&line, before, measure).and_then(|(marker, rest)| {
        let text = line.text.slice(rest..line.text.len());
        let bullet = line.text.slice(0..marker);
        let x0 = text.bounding_box()?.x0;
        let removed = rest;
        line.links = line
            .links
            .iter()
            .map(|(range, number)| {
                (
                    range.start.saturating_sub(removed)..range.end.saturating_sub(removed),
                    *number,
                )
            })
            .collect();
        line.text = text;
        Some((bullet, x0))
    });
    let mut draft = Draft::new(line, leaf);
    if let Some((bullet, x0)) = marker {
        draft.marker = Some(bullet);
        draft.text_x0 = x0;
    }
    draft
}

/// Whether a character is a bullet wherever it begins a line.
fn is_bullet(character: char) -> bool {
    matches!(
        character,
        '•' | '▪'
            | '▫'
            | '◦'
            | '‣'
            | '●'
            | '○'
            | '■'
            | '□'
            | '◆'
            | '◇'
            | '❖'
            | '➢'
            | '➤'
            | '►'
            | '▶'
            | '▸'
            | '→'
            | '⇒'
            | '✓'
            | '✔'
            | '✗'
            | '☐'
            | '☑'
            | '★'
            | '⁃'
            | '∙'
            | '·'
            | '➔'
            | '➜'
            | '❑'
            | '❏'
            | '✦'
            | '✱'
            | '✻'
    ) || ('\u{E000}'..='\u{F8FF}').contains(&character)
}

/// The length of the bullet or number in front of a line, and where its text starts.
fn marker_length(line: &Line, before: Option<&Draft>, measure: &Measure) -> Option<(usize, usize)> {
    let string = line.text.as_str();
    let first = string.chars().next()?;
    if is_bullet(first) {
        let rest = string.get(first.len_utf8()..)?;
        let trimmed = rest.trim_start();
        return (!trimmed.is_empty()).then(|| (first.len_utf8(), string.len() - trimmed.len()));
    }
    let (marker, rest) = string.split_once(' ')?;
    let rest_at = string.len() - rest.trim_start().len();
    if rest.trim_start().is_empty() {
        return None;
    }
    let is_dash = matches!(marker, "-" | "–" | "—" | "*" | "o" | "‐" | "−");
    if is_dash {
        // In running text a line may happen to begin with a dash: an item follows a line that has ended, or stands where another item does.
        let ended = before.is_none_or(|draft| {
            draft
                .last()
                .is_some_and(|line| line.text.as_str().ends_with(['.', ':', ';', '!', '?', ',']))
        });
        let in_list = measure
            .items
            .iter()
            .any(|(other, x0)| other == marker && (x0 - line.bbox.x0).abs() < ALIGNED);
        let lonely_o = marker == "o" && rest.starts_with(char::is_lowercase);
        return ((ended || in_list) && !lonely_o).then_some((marker.len(), rest_at));
    }
    // Numbers in bold type number headings; the heading keeps them.
    if line.first_style.bold {
        return None;
    }
    let bare = marker
        .strip_suffix(['.', ')'])
        .map(|bare| bare.trim_start_matches('('))?;
    let number = !bare.is_empty()
        && bare.len() <= 2
        && (bare.chars().all(|c| c.is_ascii_digit())
            || (marker.ends_with(')')
                && bare.chars().count() == 1
                && bare.chars().all(char::is_alphabetic)));
    number.then_some((marker.len(), rest_at))
}

fn decide(draft: &Draft, next: &Line, after: Option<&Line>, measure: &Measure) -> Decision {
    let Some(line) = draft.last() else {
        return Decision::New;
    };
    let em = line.size.max(next.size);
    let leading = next.baseline - line.baseline;
    let style_goes_on = same_style(&line.last_style, &next.first_style);
    let label_above = ends_with_label(line);
    let text = next.text.as_str();
    let begins_small = begins_small(draft, line, text);
    let hyphenated = line.text.as_str().ends_with(['-', '\u{2010}', '\u{AD}']);

    let goes_on_in_bold = style_goes_on && line.last_style.bold && !ends_early(line, next);
    if next.bulleted
        || marker_length(next, Some(draft), measure).is_some()
        || counts_on(draft, text)
        || ends_with_leader(line)
        || (begins_with_label(next) && !goes_on_in_bold)
    {
        return Decision::New;
    }
    // Another column of type: much larger or smaller, or set apart.
    if (line.size - next.size).abs() > 0.08 * em
        && !(label_above && (line.size - next.size).abs() < 0.2 * em)
    {
        return Decision::New;
    }
    if measure.is_wider(line, next) || leading < 0.3 * em {
        return Decision::New;
    }
    if !style_goes_on {
        let both_uniform = draft.uniform_style().is_some() && next.uniform;
        let weight_or_color = line.last_style.bold != next.first_style.bold
            || line.last_style.color != next.first_style.color;
        if !label_above && weight_or_color && both_uniform {
            return Decision::New;
        }
        if !label_above && both_uniform && ends_early(line, next) {
            return Decision::New;
        }
        // A bold run that begins with the line, in a paragraph that was not bold.
        if next.first_style.bold && !line.last_style.bold && ends_early(line, next) {
            return Decision::New;
        }
    }
    if hyphenated {
        return Decision::Join(Break::Soft);
    }
    let centred = (f32::midpoint(line.bbox.x0, line.bbox.x1)
        - f32::midpoint(next.bbox.x0, next.bbox.x1))
    .abs()
        < ALIGNED
        && (line.bbox.x0 - next.bbox.x0).abs() > 2.0 * ALIGNED;
    let flush_right = (line.bbox.x1 - next.bbox.x1).abs() < ALIGNED
        && (line.bbox.x0 - next.bbox.x0).abs() > 2.0 * ALIGNED;
    let heading_like = draft.uniform_style().is_some_and(|style| {
        style_goes_on
            && next.uniform
            && (style.bold || style.size > 1.15 * measure.size)
            && draft.lines.len() < LONGEST_HEADING
    });
    let early = ends_early(line, next);
    if heading_like {
        return Decision::Join(if early { Break::Hard } else { Break::Soft });
    }
    if centred || (flush_right && draft.lines.len() < LONGEST_HEADING) {
        return Decision::Join(Break::Soft);
    }
    if draft.is_item() {
        // Continuation lines hang under the item's text; a line further left goes on only where the one above it was full.
        let hangs = next.bbox.x0 > draft.text_x0 - ALIGNED;
        if early && (!hangs || !begins_small) {
            return Decision::New;
        }
        let hung_before = draft.lines.len() > 1 && line.bbox.x0 > draft.text_x0 - ALIGNED;
        if !hangs && hung_before {
            return Decision::New;
        }
        return Decision::Join(if early { Break::Hard } else { Break::Soft });
    }
    // An indented first line, when the line after it comes back to the edge.
    let indented = next.bbox.x0 - measure.left > INDENT * em
        && line.bbox.x0 - measure.left < 0.3 * em
        && after.is_none_or(|after| after.bbox.x0 - measure.left < 0.3 * em);
    if indented && !begins_small {
        return Decision::New;
    }
    // The end of a passage that is set in.
    let outdented = line.bbox.x0 - next.bbox.x0 > INDENT * em && draft.lines.len() > 1;
    if outdented {
        return Decision::New;
    }
    if label_above && draft.lines.len() == 1 && line.uniform {
        return Decision::Join(Break::Soft);
    }
    if early {
        if begins_small || measure.is_grouped && !has_label(text) {
            return Decision::Join(Break::Hard);
        }
        return Decision::New;
    }
    Decision::Join(Break::Soft)
}

/// Whether a line goes on in small letters; as a remark, « scolaires de la ville / (en prévention … », where a sentence is open: below one line it may
/// say where somebody is.
fn begins_small(draft: &Draft, above: &Line, text: &str) -> bool {
    const ENDS: [char; 9] = ['.', '!', '?', ':', ';', '»', ')', '”', '"'];
    let is_open = draft.lines.len() > 1 && !above.text.as_str().ends_with(ENDS);
    let remark = text.strip_prefix('(').filter(|_| is_open);
    remark.unwrap_or(text).starts_with(char::is_lowercase)
}

/// Whether a line ends with dots that lead to a page number.
fn ends_with_leader(line: &Line) -> bool {
    let text = line.text.as_str();
    let before_number = text.trim_end_matches(|c: char| c.is_ascii_digit());
    before_number.len() < text.len()
        && ["....", ". . .", "…."]
            .iter()
            .any(|leader| before_number.trim_end().ends_with(leader))
}

/// Whether a line begins with the number that follows the one the block begins with: entries of a list of contents, set line by line.
fn counts_on(draft: &Draft, next: &str) -> bool {
    let number = |text: &str| -> Option<(u32, char)> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let rest = text.get(digits..)?;
        let separator = rest
            .trim_start()
            .chars()
            .next()
            .filter(|c| matches!(c, '-' | '–' | '—' | '.' | ')' | ':' | '/' | '|'))?;
        let after = rest.trim_start().get(separator.len_utf8()..)?;
        // `3.5` and `2017-2018` are no numbering.
        let spaced = after.starts_with(' ') || rest.starts_with(' ');
        (spaced && (1..=3).contains(&digits))
            .then(|| text.get(..digits)?.parse().ok())
            .flatten()
            .map(|number| (number, separator))
    };
    let first = draft.first().and_then(|line| number(line.text.as_str()));
    match (first, number(next)) {
        (Some((first, _)), Some((second, _))) => second == first + 1,
        _ => false,
    }
}

/// Whether the line stops although the next line's first word would have fitted.
pub(super) fn ends_early(line: &Line, next: &Line) -> bool {
    let em = line.size;
    line.limit - line.bbox.x1 > next.first_word + (SPACE + EARLY_SLACK) * em
}

/// Whether a line ends with a label, whose value follows on the next.
fn ends_with_label(line: &Line) -> bool {
    line.last_style.bold && line.text.as_str().ends_with(':')
}

/// Whether a line begins with a few words and a colon.
fn has_label(text: &str) -> bool {
    let label = text.split_once(':').map(|(label, _)| label.trim_end());
    label.is_some_and(|label| label.chars().count() <= LONGEST_LABEL)
}

/// Whether a line begins with a label in bold type: up to a colon, not too long, and something else or nothing behind it.
fn begins_with_label(line: &Line) -> bool {
    if !line.first_style.bold {
        return false;
    }
    let bold_end = line
        .text
        .segments()
        .iter()
        .take_while(|segment| segment.style.bold || segment.style.superscript)
        .last()
        .map_or(0, |segment| segment.end as usize);
    let Some(bold) = line.text.as_str().get(..bold_end) else {
        return false;
    };
    let rest = line.text.as_str().get(bold_end..).unwrap_or_default();
    let colon = bold.trim_end().ends_with(':') || rest.trim_start().starts_with(':');
    colon
        && bold.trim().chars().count() <= LONGEST_LABEL
        && bold.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
}

/// Nesting of list items, by how far they are set in.
fn set_depths(drafts: &mut [Draft]) {
    let mut edges: Vec<f32> = Vec::new();
    for draft in drafts.iter_mut() {
        if !draft.is_item() {
            edges.clear();
            continue;
        }
        let x = draft.bbox.x0;
        while edges.last().is_some_and(|edge| *edge > x + 3.0) {
            edges.pop();
        }
        if edges.last().is_none_or(|edge| x > edge + 3.0) {
            edges.push(x);
        }
        draft.depth = u8::try_from(edges.len().saturating_sub(1)).unwrap_or(u8::MAX);
    }
}
