//! Lines of fragments in, tables out whose cells only their alignment shows: columns of white space that run through all rows.
//!
//! Newspaper columns and lists set in columns have such white space too. A table has a head of its own, rules or bands between its rows, or
//! columns of unlike content; prose that fills its columns is none.

use super::tables::{Grid, GridCell, Segment};
use super::words::Fragment;
use crate::model::geometry::BoundingBox;

/// Fragments whose baselines are this close (ems) stand on one line.
const SAME_LINE: f32 = 0.3;
/// White space between columns is at least this wide (ems of the smaller type).
const NARROWEST_GAP: f32 = 0.45;
/// Tables without rules have at least so many columns, and so many lines that fill them.
const FEWEST_COLUMNS: usize = 3;
const FEWEST_LINES: usize = 3;
/// A gap this much larger than the usual one between lines ends a table.
const WIDEST_PITCH: f32 = 2.6;
/// Lines closer than this (ems) are lines of one cell when the first column is empty.
const TIGHT: f32 = 1.5;
/// A column is prose when most of its fragments fill this much of it, with so many characters.
const PROSE_FILL: f32 = 0.75;
const PROSE_CHARACTERS: u32 = 20;
/// Edges this close (points) are aligned; so are the cells of a column when this share of them is.
const SAME_EDGE: f32 = 2.5;
const ALIGNED: f32 = 0.7;
/// A container with more fragments than this is a map or a drawing.
const MOST_FRAGMENTS: usize = 3_000;
/// A cell that goes on below has less room left than this part of its column's width.
const WRAP_ROOM: f32 = 0.4;
/// Rules cover this part of the table's width.
const RULE_COVER: f32 = 0.6;

/// A fill behind a row of cells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Band {
    pub(super) bbox: BoundingBox,
    pub(super) fill: Option<u32>,
}

/// A table found by alignment.
#[derive(Clone, Debug)]
pub(super) struct Aligned {
    pub(super) grid: Grid,
    /// Fragment (its place in the list given), row and column.
    pub(super) members: Vec<(usize, u16, u16)>,
}

/// A line of the container: its fragments from left to right, by their place in the list given.
struct Line {
    baseline: f32,
    size: f32,
    top: f32,
    bottom: f32,
    fragments: Vec<usize>,
}

/// Finds the tables among fragments that stand free in one container.
pub(super) fn find(fragments: &[&Fragment], rules: &[Segment], bands: &[Band]) -> Vec<Aligned> {
    if fragments.len() > MOST_FRAGMENTS {
        return Vec::new();
    }
    let lines = lines(fragments);
    let mut tables = Vec::new();
    let mut start = 0;
    while start < lines.len() {
        let on_rule = lines
            .get(start)
            .is_some_and(|line| is_ruled(line, fragments, rules, bands));
        match grow(&lines, start, fragments, on_rule) {
            Some((end, gaps, n_beyond)) => {
                let stretch = lines.get(start..end).unwrap_or_default();
                let n_beyond = n_beyond + n_above(&lines, start, &gaps, fragments);
                if let Some(table) = judge(stretch, &gaps, fragments, rules, bands, n_beyond) {
                    tables.push(table);
                    start = end;
                } else {
                    start += 1;
                }
            }
            None => start += 1,
        }
    }
    tables
}

fn lines(fragments: &[&Fragment]) -> Vec<Line> {
    let mut order: Vec<usize> = (0..fragments.len()).collect();
    let at = |index: &usize| {
        fragments
            .get(*index)
            .map_or((0.0, 0.0), |f| (f.baseline, f.bbox.x0))
    };
    order.sort_by(|a, b| {
        let (a, b) = (at(a), at(b));
        a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
    });
    let mut lines: Vec<Line> = Vec::new();
    for index in order {
        let Some(fragment) = fragments.get(index) else {
            continue;
        };
        match lines.last_mut() {
            Some(line)
                if fragment.baseline - line.baseline < SAME_LINE * fragment.size.min(line.size) =>
            {
                line.size = line.size.min(fragment.size);
                line.top = line.top.min(fragment.bbox.y0);
                line.bottom = line.bottom.max(fragment.bbox.y1);
                line.fragments.push(index);
            }
            _ => lines.push(Line {
                baseline: fragment.baseline,
                size: fragment.size,
                top: fragment.bbox.y0,
                bottom: fragment.bbox.y1,
                fragments: vec![index],
            }),
        }
    }
    for line in &mut lines {
        line.fragments.sort_by(|a, b| at(a).1.total_cmp(&at(b).1));
    }
    lines
}

/// Whether a rule or the edge of a band lies close below a line.
fn is_ruled(line: &Line, fragments: &[&Fragment], rules: &[Segment], bands: &[Band]) -> bool {
    let Some(bounds) = bounds_of(std::slice::from_ref(line), fragments) else {
        return false;
    };
    let reach = line.bottom + 1.6 * line.size;
    let covers =
        |x0: f32, x1: f32| x1.min(bounds.x1) - x0.max(bounds.x0) >= RULE_COVER * bounds.width();
    rules
        .iter()
        .any(|rule| rule.at > line.baseline && rule.at < reach && covers(rule.from, rule.to))
        || bands.iter().any(|band| {
            band.bbox.y0 < line.baseline
                && band.bbox.y1 > line.baseline
                && covers(band.bbox.x0, band.bbox.x1)
        })
}

/// A strip of white space between two columns.
#[derive(Clone, Copy, Debug)]
struct Gap {
    from: f32,
    to: f32,
}

/// Extends a table downwards from a line as long as columns of white space remain: one past its last line, the gaps, and how many lines below it
/// still keep to the columns without filling them.
fn grow(
    lines: &[Line],
    start: usize,
    fragments: &[&Fragment],
    ruled: bool,
) -> Option<(usize, Vec<Gap>, usize)> {
    let first = lines.get(start)?;
    let fewest = if ruled { 1 } else { FEWEST_COLUMNS - 1 };
    if first.fragments.len() <= fewest {
        return None;
    }
    let mut gaps: Vec<Gap> = first
        .fragments
        .iter()
        .zip(first.fragments.iter().skip(1))
        .filter_map(|(left, right)| {
            Some(Gap {
                from: fragments.get(*left)?.bbox.x1,
                to: fragments.get(*right)?.bbox.x0,
            })
        })
        .collect();
    let mut pitches: Vec<f32> = Vec::new();
    let mut end = start + 1;
    let mut last_full = end;
    while let (Some(above), Some(line)) = (lines.get(end - 1), lines.get(end)) {
        let pitch = line.baseline - above.baseline;
        let usual = pitches
            .get(pitches.len() / 2)
            .copied()
            .unwrap_or(2.0 * line.size);
        if pitch > WIDEST_PITCH * usual.max(1.2 * line.size) {
            break;
        }
        let kept = narrowed(&gaps, line, fragments);
        if kept.len() < fewest {
            break;
        }
        gaps = kept;
        let at = pitches.partition_point(|other| *other < pitch);
        pitches.insert(at, pitch);
        end += 1;
        if line.fragments.len() > fewest {
            last_full = end;
        }
    }
    // Lines after the last full one belong to its row when they are tight under it.
    let mut keep = last_full;
    while keep < end
        && let (Some(above), Some(line)) = (lines.get(keep - 1), lines.get(keep))
        && line.baseline - above.baseline < TIGHT * line.size
    {
        keep += 1;
    }
    let n_beyond = lines
        .get(keep..end)
        .unwrap_or_default()
        .iter()
        .filter(|line| {
            line.fragments
                .iter()
                .filter_map(|index| fragments.get(*index))
                .any(|fragment| column_of(fragment, &gaps) > 0)
        })
        .count();
    Some((keep, gaps, n_beyond))
}

/// How many lines just above a table keep to its columns.
fn n_above(lines: &[Line], start: usize, gaps: &[Gap], fragments: &[&Fragment]) -> usize {
    lines
        .get(start.saturating_sub(2 * FEWEST_LINES)..start)
        .unwrap_or_default()
        .iter()
        .rev()
        .take_while(|line| narrowed(gaps, line, fragments).len() == gaps.len())
        .filter(|line| {
            line.fragments
                .iter()
                .filter_map(|index| fragments.get(*index))
                .any(|fragment| column_of(fragment, gaps) > 0)
        })
        .count()
}

/// What is left of the gaps beside a line's fragments.
fn narrowed(gaps: &[Gap], line: &Line, fragments: &[&Fragment]) -> Vec<Gap> {
    let mut kept: Vec<Gap> = Vec::new();
    for gap in gaps {
        let mut gap = *gap;
        let mut crossed = false;
        for fragment in line
            .fragments
            .iter()
            .filter_map(|index| fragments.get(*index))
        {
            let (x0, x1) = (fragment.bbox.x0, fragment.bbox.x1);
            if x1 <= gap.from || x0 >= gap.to {
                continue;
            }
            if x0 > gap.from && x1 < gap.to {
                // A fragment inside the gap: an empty cell above it; the gap goes on at its left.
                gap.to = x0;
            } else if x0 <= gap.from && x1 >= gap.to {
                crossed = true;
            } else if x0 <= gap.from {
                gap.from = x1;
            } else {
                gap.to = x0;
            }
        }
        if !crossed && gap.to - gap.from >= NARROWEST_GAP * line.size {
            kept.push(gap);
        }
    }
    kept
}

fn bounds_of(lines: &[Line], fragments: &[&Fragment]) -> Option<BoundingBox> {
    lines
        .iter()
        .flat_map(|line| &line.fragments)
        .filter_map(|index| fragments.get(*index))
        .map(|fragment| fragment.bbox)
        .reduce(|all, bbox| all.union(&bbox))
}

/// Which column a fragment stands in.
fn column_of(fragment: &Fragment, gaps: &[Gap]) -> usize {
    let middle = f32::midpoint(fragment.bbox.x0, fragment.bbox.x1);
    gaps.iter()
        .filter(|gap| f32::midpoint(gap.from, gap.to) < middle)
        .count()
}

fn judge(
    lines: &[Line],
    gaps: &[Gap],
    fragments: &[&Fragment],
    rules: &[Segment],
    bands: &[Band],
    n_beyond: usize,
) -> Option<Aligned> {
    let bounds = bounds_of(lines, fragments)?;
    let n_columns = gaps.len() + 1;
    let cells: Vec<Vec<usize>> = lines
        .iter()
        .map(|line| {
            let mut columns: Vec<usize> = line
                .fragments
                .iter()
                .filter_map(|index| fragments.get(*index))
                .map(|fragment| column_of(fragment, gaps))
                .collect();
            columns.dedup();
            columns
        })
        .collect();
    let n_full = cells
        .iter()
        .filter(|columns| columns.len() * 2 > n_columns.max(3))
        .count();
    // Where rows are parted: by rules and the edges of bands, or by white space and the first column.
    let parts = partings(lines, &bounds, rules, bands);
    let n_parted = parts.len();
    let parted = n_parted >= 2 && n_parted * 2 >= n_full;
    let enough = if parted {
        n_full >= 2
            || (n_columns == 2 && cells.iter().filter(|columns| columns.len() == 2).count() >= 3)
    } else {
        n_full >= FEWEST_LINES && n_columns >= FEWEST_COLUMNS
    };
    if !enough || is_prose(lines, gaps, fragments) {
        return None;
    }
    // Columns that go on below with lines of their own are columns of text.
    if !parted && n_beyond >= FEWEST_LINES {
        return None;
    }
    if !parted && !is_aligned(lines, gaps, fragments) {
        return None;
    }
    if !parted && !has_head(lines, fragments) && !has_unlike_columns(lines, gaps, fragments) {
        return None;
    }
    let headed = has_head(lines, fragments).then(|| {
        lines
            .iter()
            .take_while(|line| is_bold(line, fragments))
            .count()
    });
    let wraps = wraps(lines, &cells, gaps, fragments);
    let rows = rows_of(lines, &cells, &parts, parted, headed, &wraps);
    Some(build(lines, &rows, gaps, fragments, &bounds))
}

/// Heights of rules and band edges between the lines.
fn partings(lines: &[Line], bounds: &BoundingBox, rules: &[Segment], bands: &[Band]) -> Vec<f32> {
    let covers =
        |x0: f32, x1: f32| x1.min(bounds.x1) - x0.max(bounds.x0) >= RULE_COVER * bounds.width();
    let mut heights: Vec<f32> = rules
        .iter()
        .filter(|rule| covers(rule.from, rule.to))
        .map(|rule| rule.at)
        .chain(
            bands
                .iter()
                .filter(|band| covers(band.bbox.x0, band.bbox.x1))
                .flat_map(|band| [band.bbox.y0, band.bbox.y1]),
        )
        .filter(|y| *y > bounds.y0 && *y < bounds.y1)
        .collect();
    heights.sort_by(f32::total_cmp);
    heights.dedup_by(|next, kept| *next - *kept < 3.0);
    // A rule through a line underlines it.
    heights.retain(|y| {
        lines.iter().any(|line| line.baseline <= *y + 1.0)
            && lines.iter().any(|line| line.baseline > *y)
    });
    heights
}

/// Whether each line goes on with cells of the line above: it leaves columns empty, and where it has text the cell above was full.
fn wraps(lines: &[Line], cells: &[Vec<usize>], gaps: &[Gap], fragments: &[&Fragment]) -> Vec<bool> {
    let n_columns = gaps.len() + 1;
    let mut rights = vec![f32::NEG_INFINITY; n_columns];
    let mut lefts = vec![f32::INFINITY; n_columns];
    let of = |line: &Line| -> Vec<(usize, BoundingBox)> {
        line.fragments
            .iter()
            .filter_map(|index| fragments.get(*index))
            .map(|fragment| (column_of(fragment, gaps), fragment.bbox))
            .collect()
    };
    for (column, bbox) in lines.iter().flat_map(of) {
        if let (Some(left), Some(right)) = (lefts.get_mut(column), rights.get_mut(column)) {
            *left = left.min(bbox.x0);
            *right = right.max(bbox.x1);
        }
    }
    let mut wraps = vec![false; lines.len().min(1)];
    for ((above, below), (above_columns, columns)) in lines
        .iter()
        .zip(lines.iter().skip(1))
        .zip(cells.iter().zip(cells.iter().skip(1)))
    {
        let above = of(above);
        let is_full = |&(column, bbox): &(usize, BoundingBox)| {
            let end = above
                .iter()
                .filter(|(other, _)| *other == column)
                .map(|(_, bbox)| bbox.x1)
                .fold(f32::NEG_INFINITY, f32::max);
            let (Some(left), Some(right)) = (lefts.get(column), rights.get(column)) else {
                return false;
            };
            right - end < bbox.width() && right - end < WRAP_ROOM * (right - left)
        };
        wraps.push(
            columns.len() < n_columns
                && columns.len() < above_columns.len()
                && of(below).iter().all(is_full),
        );
    }
    wraps
}

/// Row of each line. Of a table with a head, `headed` lines are the head's, whether or not a rule or band parts it from the body.
fn rows_of(
    lines: &[Line],
    cells: &[Vec<usize>],
    parts: &[f32],
    ruled: bool,
    headed: Option<usize>,
    wraps: &[bool],
) -> Vec<u16> {
    let mut rows = Vec::with_capacity(lines.len());
    let mut row = 0_u16;
    let mut previous: Option<&Line> = None;
    for ((line, columns), wraps) in lines.iter().zip(cells).zip(wraps) {
        if let Some(above) = previous {
            let parted = parts
                .iter()
                .any(|y| *y > above.baseline && *y < line.baseline);
            let tight = line.baseline - above.baseline < TIGHT * line.size;
            let starts = if headed == Some(rows.len()) {
                true
            } else if ruled {
                parted
            } else {
                parted || (columns.first() == Some(&0) && !wraps) || !tight
            };
            if starts {
                row = row.saturating_add(1);
            }
        }
        rows.push(row);
        previous = Some(line);
    }
    rows
}

/// Whether most columns are filled with long lines set close: newspaper columns.
fn is_prose(lines: &[Line], gaps: &[Gap], fragments: &[&Fragment]) -> bool {
    let n_columns = gaps.len() + 1;
    // Extent and length of what each line has in each column: justified lines may be in several fragments.
    let mut columns: Vec<Vec<(f32, f32, u32)>> = vec![Vec::new(); n_columns];
    for line in lines {
        let mut last: Option<usize> = None;
        for fragment in line
            .fragments
            .iter()
            .filter_map(|index| fragments.get(*index))
        {
            let number = column_of(fragment, gaps);
            let Some(column) = columns.get_mut(number) else {
                continue;
            };
            let bbox = &fragment.bbox;
            match column.last_mut().filter(|_| last == Some(number)) {
                Some(part) => {
                    part.1 = bbox.x1;
                    part.2 += fragment.n_characters + 1;
                }
                None => column.push((bbox.x0, bbox.x1, fragment.n_characters)),
            }
            last = Some(number);
        }
    }
    let n_prose = columns
        .iter()
        .filter(|column| {
            let widest = column.iter().map(|(x0, x1, _)| x1 - x0).fold(0.0, f32::max);
            let full = column
                .iter()
                .filter(|(x0, x1, n)| x1 - x0 > PROSE_FILL * widest && *n >= PROSE_CHARACTERS)
                .count();
            full * 2 > column.len()
        })
        .count();
    let tight = lines
        .iter()
        .zip(lines.iter().skip(1))
        .filter(|(above, below)| below.baseline - above.baseline < TIGHT * below.size)
        .count();
    n_prose * 2 >= n_columns && tight * 2 > lines.len()
}

/// Whether the cells of each column start, end or centre at the same place.
fn is_aligned(lines: &[Line], gaps: &[Gap], fragments: &[&Fragment]) -> bool {
    let mut columns: Vec<Vec<(f32, f32)>> = vec![Vec::new(); gaps.len() + 1];
    for line in lines {
        let mut last: Option<usize> = None;
        for fragment in line
            .fragments
            .iter()
            .filter_map(|index| fragments.get(*index))
        {
            let number = column_of(fragment, gaps);
            if let Some(column) = columns.get_mut(number) {
                match column.last_mut().filter(|_| last == Some(number)) {
                    Some(part) => part.1 = fragment.bbox.x1,
                    None => column.push((fragment.bbox.x0, fragment.bbox.x1)),
                }
            }
            last = Some(number);
        }
    }
    let share = |column: &[(f32, f32)], edge: fn(&(f32, f32)) -> f32| {
        let most = column
            .iter()
            .map(|own| {
                column
                    .iter()
                    .filter(|other| (edge(own) - edge(other)).abs() < SAME_EDGE)
                    .count()
            })
            .max()
            .unwrap_or(0);
        most as f32 / column.len().max(1) as f32
    };
    columns.iter().all(|column| {
        share(column, |cell| cell.0) >= ALIGNED
            || share(column, |cell| cell.1) >= ALIGNED
            || share(column, |cell| f32::midpoint(cell.0, cell.1)) >= ALIGNED
    })
}

fn is_bold(line: &Line, fragments: &[&Fragment]) -> bool {
    line.fragments
        .iter()
        .filter_map(|index| fragments.get(*index))
        .all(|fragment| fragment.bold)
}

/// Whether the first line is set in another weight than most of the others.
fn has_head(lines: &[Line], fragments: &[&Fragment]) -> bool {
    let n_bold = lines
        .iter()
        .skip(1)
        .filter(|line| is_bold(line, fragments))
        .count();
    lines
        .first()
        .is_some_and(|first| is_bold(first, fragments) && first.fragments.len() > 2)
        && n_bold * 3 < lines.len()
}

/// Whether some columns are narrow and others wide, as numbers and names are.
fn has_unlike_columns(lines: &[Line], gaps: &[Gap], fragments: &[&Fragment]) -> bool {
    let n_columns = gaps.len() + 1;
    let mut sums = vec![(0_u32, 0_u32); n_columns];
    for fragment in lines
        .iter()
        .flat_map(|line| &line.fragments)
        .filter_map(|index| fragments.get(*index))
    {
        if let Some(sum) = sums.get_mut(column_of(fragment, gaps)) {
            sum.0 += fragment.n_characters;
            sum.1 += 1;
        }
    }
    let means: Vec<f32> = sums
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(total, count)| *total as f32 / *count as f32)
        .collect();
    let least = means.iter().copied().fold(f32::INFINITY, f32::min);
    let most = means.iter().copied().fold(0.0, f32::max);
    most > 2.5 * least
}

fn build(
    lines: &[Line],
    rows: &[u16],
    gaps: &[Gap],
    fragments: &[&Fragment],
    bounds: &BoundingBox,
) -> Aligned {
    let n_columns = gaps.len() + 1;
    let n_rows = rows.last().map_or(0, |row| usize::from(*row) + 1);
    let mut members = Vec::new();
    let mut extents: Vec<(f32, f32)> = vec![(f32::INFINITY, f32::NEG_INFINITY); n_rows];
    let mut lefts: Vec<f32> = vec![f32::INFINITY; n_columns];
    for (line, row) in lines.iter().zip(rows) {
        if let Some(extent) = extents.get_mut(usize::from(*row)) {
            extent.0 = extent.0.min(line.top);
            extent.1 = extent.1.max(line.bottom);
        }
        for index in &line.fragments {
            let Some(fragment) = fragments.get(*index) else {
                continue;
            };
            let column = column_of(fragment, gaps);
            if let Some(left) = lefts.get_mut(column) {
                *left = left.min(fragment.bbox.x0);
            }
            members.push((*index, *row, u16::try_from(column).unwrap_or(u16::MAX)));
        }
    }
    let mut xs = lefts;
    xs.push(bounds.x1);
    let mut ys: Vec<f32> = extents.iter().map(|extent| extent.0).collect();
    ys.push(bounds.y1);
    let mut cells = Vec::new();
    for (row, extent) in (0_u16..).zip(&extents) {
        for (column, (x0, x1)) in (0_u16..).zip(xs.iter().zip(xs.iter().skip(1))) {
            cells.push(GridCell {
                row,
                column,
                n_rows: 1,
                n_columns: 1,
                bbox: BoundingBox::new(*x0, extent.0, *x1, extent.1),
            });
        }
    }
    Aligned {
        grid: Grid {
            bbox: *bounds,
            xs,
            ys,
            cells,
        },
        members,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fragment(x0: f32, x1: f32, baseline: f32, bold: bool) -> Fragment {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "small"
        )]
        let n_characters = ((x1 - x0) / 5.0) as u32;
        Fragment {
            words: 0..0,
            bbox: BoundingBox::new(x0, baseline - 8.0, x1, baseline + 2.0),
            baseline,
            size: 10.0,
            bold,
            face: (0, false),
            n_characters,
            row: 0,
            bulleted: false,
        }
    }

    #[track_caller]
    fn check(fragments: &[Fragment], rules: &[Segment], expected: &[(u16, u16)]) {
        let references: Vec<&Fragment> = fragments.iter().collect();
        let found: Vec<(u16, u16)> = find(&references, rules, &[])
            .iter()
            .flat_map(|table| &table.members)
            .map(|(_, row, column)| (*row, *column))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_head_and_aligned_rows_are_a_table() {
        let mut fragments = Vec::new();
        for row in 0..4_u8 {
            let y = 100.0 + 18.0 * f32::from(row);
            fragments.push(fragment(40.0, 52.0, y, row == 0));
            fragments.push(fragment(80.0, 180.0 + f32::from(row), y, row == 0));
            fragments.push(fragment(260.0, 330.0, y, row == 0));
        }
        // The second row's name runs on.
        fragments.push(fragment(80.0, 150.0, 130.0, false));
        check(
            &fragments,
            &[],
            &[
                (0, 0),
                (0, 1),
                (0, 2),
                (1, 0),
                (1, 1),
                (1, 2),
                (1, 1),
                (2, 0),
                (2, 1),
                (2, 2),
                (3, 0),
                (3, 1),
                (3, 2),
            ],
        );
    }

    #[test]
    fn columns_of_prose_are_not() {
        let mut fragments = Vec::new();
        for row in 0..9_u8 {
            let y = 100.0 + 12.0 * f32::from(row);
            for x in [40.0, 220.0, 400.0] {
                fragments.push(fragment(x, x + 155.0 + f32::from(row % 3), y, false));
            }
        }
        check(&fragments, &[], &[]);
    }

    #[test]
    fn two_columns_with_rules_between_the_rows_are_a_table() {
        let mut fragments = Vec::new();
        let mut rules = Vec::new();
        for row in 0..3_u8 {
            let y = 100.0 + 30.0 * f32::from(row);
            fragments.push(fragment(40.0, 90.0, y, true));
            fragments.push(fragment(200.0, 400.0, y, false));
            rules.push(Segment {
                at: y + 15.0,
                from: 40.0,
                to: 420.0,
            });
        }
        check(
            &fragments,
            &rules,
            &[(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)],
        );
    }
}
