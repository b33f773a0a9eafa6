//! How alike two strings are, character by character: Ratcliff and Obershelp's measure, and Levenshtein's.

use rustc_hash::FxHashMap;

/// Ratcliff/Obershelp: twice the characters in common blocks over all characters. The blocks are found as Python's `difflib` finds them (the
/// longest first; of several, the one that starts first), so the figures agree with scorers written with it.
pub fn ratcliff(a: &str, b: &str) -> f64 {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.is_empty() && b.is_empty() {
        return 1.0;
    }
    let mut positions: FxHashMap<char, Vec<usize>> = FxHashMap::default();
    for (j, c) in b.iter().enumerate() {
        positions.entry(*c).or_default().push(j);
    }
    let mut matched = 0;
    let mut open = vec![(0, a.len(), 0, b.len())];
    while let Some((a_from, a_to, b_from, b_to)) = open.pop() {
        let (i, j, size) = longest_block(&a, &positions, (a_from, a_to), (b_from, b_to));
        if size > 0 {
            matched += size;
            open.push((a_from, i, b_from, j));
            open.push((i + size, a_to, j + size, b_to));
        }
    }
    2.0 * matched as f64 / (a.len() + b.len()) as f64
}

/// Start in `a`, start in `b` and length of the longest common block within two ranges.
fn longest_block(
    a: &[char],
    positions: &FxHashMap<char, Vec<usize>>,
    (a_from, a_to): (usize, usize),
    (b_from, b_to): (usize, usize),
) -> (usize, usize, usize) {
    let mut best = (a_from, b_from, 0);
    // Where a run that ends just before the current character of `a` ends in `b`, with its length; in ascending order.
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (i, c) in a.iter().enumerate().take(a_to).skip(a_from) {
        let mut longer: Vec<(usize, usize)> = Vec::with_capacity(runs.len());
        let mut earlier = runs.iter().peekable();
        for &j in positions
            .get(c)
            .map_or(&[][..], Vec::as_slice)
            .iter()
            .filter(|j| (b_from..b_to).contains(*j))
        {
            while earlier.next_if(|(end, _)| end + 1 < j).is_some() {}
            let before = earlier
                .peek()
                .filter(|(end, _)| end + 1 == j)
                .map_or(0, |(_, length)| *length);
            let length = before + 1;
            longer.push((j, length));
            if length > best.2 {
                best = (i + 1 - length, j + 1 - length, length);
            }
        }
        runs = longer;
    }
    best
}

/// Levenshtein: 1 minus the edits over the length of the longer string.
pub fn levenshtein(a: &str, b: &str) -> f64 {
    rapidfuzz::distance::levenshtein::normalized_similarity(a.chars(), b.chars())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
    }

    #[test]
    fn ratcliff_as_published() {
        // WIKIMEDIA and WIKIMANIA: blocks WIKIM (5), IA (2): 2 × 7 / 18.
        check(ratcliff("WIKIMEDIA", "WIKIMANIA"), 14.0 / 18.0);
        // `difflib` documents that the order of the arguments matters.
        check(ratcliff("tide", "diet"), 0.25);
        check(ratcliff("diet", "tide"), 0.5);
        check(ratcliff("", ""), 1.0);
        check(ratcliff("été", "ete"), 1.0 / 3.0);
    }

    #[test]
    fn levenshtein_is_normalised_by_the_longer() {
        check(levenshtein("chaton", "chatons"), 6.0 / 7.0);
        check(levenshtein("rue", "roue"), 0.75);
        check(levenshtein("", "abcd"), 0.0);
    }
}
