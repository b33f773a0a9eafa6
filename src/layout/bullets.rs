//! Bullets that are drawn, not written: browsers paint the discs of their lists. In: the small shapes of a page and its fragments; out: which fragments
//! begin an item.

use rustc_hash::FxHashMap;

use super::words::Fragment;
use crate::model::geometry::BoundingBox;

/// A bullet is at least and at most this large (ems of the text beside it),
const SMALLEST: f32 = 0.12;
const LARGEST: f32 = 0.8;
/// its middle is this high above the baseline, give or take,
const HEIGHT: f32 = 0.3;
const SLACK: f32 = 0.3;
/// and it ends at most so far in front of the text.
const FARTHEST: f32 = 2.6;
/// A list has so many items whose bullets begin at one place.
const FEWEST: usize = 2;

/// Marks the fragments that stand behind one of several bullets below each other.
pub(super) fn mark(dots: &[BoundingBox], fragments: &mut [Fragment]) {
    if dots.is_empty() {
        return;
    }
    let middle = |dot: &BoundingBox| f32::midpoint(dot.y0, dot.y1);
    let mut dots: Vec<&BoundingBox> = dots.iter().collect();
    dots.sort_by(|a, b| middle(a).total_cmp(&middle(b)));
    let mut columns: FxHashMap<i32, Vec<usize>> = FxHashMap::default();
    for (number, fragment) in fragments.iter().enumerate() {
        let em = fragment.size;
        let y = fragment.baseline - HEIGHT * em;
        let from = dots.partition_point(|dot| middle(dot) < y - SLACK * em);
        let near = (dots.get(from..).unwrap_or_default().iter())
            .take_while(|dot| middle(dot) < y + SLACK * em);
        let bullet = near
            .filter(|dot| {
                let size = dot.width().max(dot.height());
                let gap = fragment.bbox.x0 - dot.x1;
                (SMALLEST * em..LARGEST * em).contains(&size) && (0.0..FARTHEST * em).contains(&gap)
            })
            .max_by(|a, b| a.x1.total_cmp(&b.x1));
        if let Some(bullet) = bullet {
            #[expect(clippy::cast_possible_truncation, reason = "a place beyond is cut off")]
            let column = bullet.x0.round() as i32;
            columns.entry(column).or_default().push(number);
        }
    }
    for items in columns.into_values().filter(|items| items.len() >= FEWEST) {
        for item in items {
            if let Some(fragment) = fragments.get_mut(item) {
                fragment.bulleted = true;
            }
        }
    }
}
