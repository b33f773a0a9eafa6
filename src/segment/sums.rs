//! Columns of sums of money: which a table has that no head names, and which of several is the grant. No entry is found here.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::headers::DataRows;
use super::look;
use super::units::UnitLabel;
use crate::model::document::Document;
use crate::profile::Field;

/// A column of sums with words beside it is one of grants where nobody says what its columns are: « Marché des producteurs – Office de tourisme | 250,00 € ».
pub(super) fn name_sums(
    document: &Document,
    rows: &DataRows,
    headers: &mut HashMap<(u32, u16), UnitLabel>,
) {
    // Fewer rows are no list.
    const FEWEST: usize = 3;
    // Cells of each column: all, sums, and those with words.
    let mut columns: BTreeMap<(u32, u16), [usize; 3]> = BTreeMap::new();
    let headed: BTreeSet<u32> = headers.keys().map(|(table, _)| *table).collect();
    for block in document.blocks.iter().filter(|block| block.is_body()) {
        let Some(cell) = block
            .cell
            .filter(|cell| !cell.header && !headed.contains(&cell.table))
        else {
            continue;
        };
        let text = block.text.as_str().trim();
        let is_sum = look::is_amount(text);
        let [all, sums, worded] = columns.entry((cell.table, cell.column)).or_default();
        *all += 1;
        *sums += usize::from(is_sum);
        *worded += usize::from(!is_sum && text.contains(char::is_alphabetic));
    }
    let mut tables: BTreeMap<u32, (Vec<u16>, usize)> = BTreeMap::new();
    for ((table, column), [all, sums, worded]) in columns {
        let (of_sums, of_words) = tables.entry(table).or_default();
        if sums * 4 >= all * 3 {
            of_sums.push(column);
        }
        *of_words += usize::from(worded * 4 >= all * 3);
    }
    for (table, (of_sums, of_words)) in tables {
        let is_list = rows.get(&table).is_some_and(|rows| rows.len() >= FEWEST);
        // Several columns of sums are accounts.
        if let ([column], true, 1..) = (of_sums.as_slice(), is_list, of_words) {
            headers.insert(
                (table, *column),
                UnitLabel {
                    field: Field::Amount,
                    text: String::new(),
                    value: 0..0,
                    column: true,
                },
            );
        }
    }
}

/// Rows whose sum is that of the rows below, or above, up to the next such row: « Animation des communes | 3 850 € » is no grant.
pub(super) fn subtotals(document: &Document) -> BTreeSet<(u32, u32)> {
    let mut columns: BTreeMap<(u32, u16), Vec<(u32, i64)>> = BTreeMap::new();
    for block in document.blocks.iter().filter(|block| block.is_body()) {
        // The first of them may stand where a header would: « | Fêtes et animations | 1 650 € | ».
        if let Some(cell) = block.cell
            && let Some(cents) = cents(block.text.as_str())
        {
            let column = columns.entry((cell.table, cell.column)).or_default();
            column.push((cell.row, cents));
        }
    }
    let mut found = BTreeSet::new();
    for ((table, _), rows) in columns {
        let mut sums: Vec<i64> = rows.iter().map(|(_, cents)| *cents).collect();
        let above = chain(&sums);
        sums.reverse();
        let below =
            || chain(&sums).map(|chain| chain.into_iter().map(|at| rows.len() - 1 - at).collect());
        let chain: Option<Vec<usize>> = above.or_else(below);
        found.extend((chain.into_iter().flatten()).filter_map(|at| Some((table, rows.get(at)?.0))));
    }
    found
}

/// Where each of some sums is that of those behind it up to the next such one; one more at the end may be that of all. Nothing where one is not, or where
/// there are no two, and no total.
fn chain(sums: &[i64]) -> Option<Vec<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    while let Some(whole) = sums.get(start) {
        let mut left = *whole;
        let parts = sums.get(start + 1..)?.iter().take_while(|part| {
            left -= **part;
            left > 0
        });
        let n = parts.count() + 1;
        if left != 0 {
            // « Total général » is the last.
            let all: i64 = found.iter().filter_map(|at: &usize| sums.get(*at)).sum();
            let is_total = start + 1 == sums.len() && all == *whole;
            return (is_total && !found.is_empty()).then_some(found);
        }
        found.push(start);
        start += n + 1;
    }
    (found.len() > 1 && found.len() * 3 <= sums.len()).then_some(found)
}

/// A sum of money alone, in hundredths: « 1 040 € », « 1.200,00 ».
fn cents(text: &str) -> Option<i64> {
    let text = text.trim().trim_end_matches(['€', ' ', '\u{a0}']);
    let whole_end =
        (text.rfind([',', '.']).filter(|at| text.len() - at == 3)).unwrap_or(text.len());
    let (whole, rest) = text.split_at_checked(whole_end)?;
    let is_number = |c: char| c.is_ascii_digit() || " \u{a0}\u{202f}.,".contains(c);
    if whole.is_empty() || !whole.chars().all(is_number) {
        return None;
    }
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    let cents = digits(rest);
    let whole: i64 = digits(whole)
        .parse()
        .ok()
        .filter(|whole| *whole < 1_000_000_000_000)?;
    Some(
        whole * 100
            + if cents.is_empty() {
                0
            } else {
                cents.parse().ok()?
            },
    )
}

/// What the later of two years adds, where nothing else tells sums apart: « Voté 2023 » stands beside « Proposition 2024 », and the list is of 2024.
pub(super) fn recency(head: &str) -> f32 {
    let years = head.split(|c: char| !c.is_ascii_digit());
    let year = years
        .filter_map(|digits| digits.strip_prefix("20")?.parse::<u8>().ok())
        .filter(|year| *year < 100)
        .max();
    f32::from(year.unwrap_or_default()) / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_of_sums_has_each_part_once() {
        assert_eq!(
            chain(&[600, 100, 500, 300, 200, 100, 900]),
            Some(vec![0, 3])
        );
        assert_eq!(chain(&[600, 100, 500, 300, 200, 90]), None);
        assert_eq!(chain(&[600, 100, 500]), None);
        assert_eq!(chain(&[600, 100, 500, 600]), Some(vec![0]));
    }

    #[test]
    fn sums_are_read_as_they_are_written() {
        assert_eq!(cents("1 040 €"), Some(104_000));
        assert_eq!(cents("1.200,50"), Some(120_050));
        assert_eq!(cents("12 adhérents"), None);
    }
}
