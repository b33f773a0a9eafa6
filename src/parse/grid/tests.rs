//! What grids become.

use super::*;
use crate::model::raw::{DocumentId, Format};
use crate::model::text::Style;
use crate::parse::placed::placed;

/// Rows of cells between bars; « > » in front of a cell widens it by a column.
fn grid(rows: &[&str]) -> Vec<GridRow> {
    (0..)
        .zip(rows)
        .map(|(number, row)| GridRow {
            number,
            cells: (row.split('|').enumerate())
                .filter(|(_, cell)| !cell.trim().is_empty())
                .map(|(column, cell)| {
                    let words = cell.trim().trim_start_matches('>');
                    GridCell {
                        column,
                        width: 1 + (cell.trim().len() - words.len()),
                        is_figure: rows::is_figure(words),
                        linked: placed(words, 0, Style::default()),
                    }
                })
                .collect(),
        })
        .collect()
}

/// `table,row,column` of each cell, `h` for a name; labels of what is none; furniture in parentheses.
#[track_caller]
fn check(rows: &[&str], expected: &[&str]) {
    let id = DocumentId::of(b"");
    let mut document = Document::new(id, "any".to_owned(), Format::Xlsx);
    push(grid(rows), None, &mut document, &mut 0);
    let shown: Vec<String> = (document.blocks.iter())
        .map(|block| {
            let words = block.text.as_str().replace('\n', "/");
            match block.cell {
                Some(cell) => {
                    let head = if cell.header { "h" } else { "" };
                    let place = format!("{},{},{}{head}", cell.table, cell.row, cell.column);
                    if block.is_body() {
                        format!("{place} {words}")
                    } else {
                        format!("({place} {words})")
                    }
                }
                None => format!("{:?} {words}", block.label),
            }
        })
        .collect();
    assert_eq!(shown, expected);
}

#[test]
fn titles_stand_above_the_names_of_columns() {
    check(
        &[
            "Ville de X",
            "",
            "Année :|2024",
            "Nom|Ville",
            "Le Toit|Lens",
        ],
        &[
            "Title Ville de X",
            "Text Année : 2024",
            "0,0,0h Nom",
            "0,0,1h Ville",
            "0,1,0 Le Toit",
            "0,1,1 Lens",
        ],
    );
}

#[test]
fn a_head_may_have_two_storeys() {
    check(
        &[
            ">Porteur||>Aide|",
            "Nom|Commune|Demandée|Accordée",
            "Le Toit|Lens|20|10",
            "Le Pont|Douai|40|30",
        ],
        &[
            "0,0,0h Porteur/Nom",
            "0,0,1h Porteur/Commune",
            "0,0,2h Aide/Demandée",
            "0,0,3h Aide/Accordée",
            "0,1,0 Le Toit",
            "0,1,1 Lens",
            "0,1,2 20",
            "0,1,3 10",
            "0,2,0 Le Pont",
            "0,2,1 Douai",
            "0,2,2 40",
            "0,2,3 30",
        ],
    );
}

#[test]
fn lines_part_a_table_and_sums_are_no_rows() {
    check(
        &[
            "N°|Association|Montant",
            ">>SPORT||",
            "1|Le Toit|10",
            "Sous-total sport||10",
            ">>CULTURE||",
            "2|Le Pont|30",
            "Total||40",
            "Source : la ville",
        ],
        &[
            "SectionHeader SPORT",
            "0,0,0h N°",
            "0,0,1h Association",
            "0,0,2h Montant",
            "0,1,0 1",
            "0,1,1 Le Toit",
            "0,1,2 10",
            "(0,2,0 Sous-total sport)",
            "(0,2,2 10)",
            "SectionHeader CULTURE",
            "1,0,0h N°",
            "1,0,1h Association",
            "1,0,2h Montant",
            "1,1,0 2",
            "1,1,1 Le Pont",
            "1,1,2 30",
            "(1,2,0 Total)",
            "(1,2,2 40)",
            "(1,3,0 Source : la ville)",
        ],
    );
}

#[test]
fn a_record_that_is_called_like_a_sum_stays() {
    check(
        &[
            "Nom|Ville|Projet",
            "Total Danse|Lens|Un bal",
            "Le Pont|Douai|Un pont",
        ],
        &[
            "0,0,0h Nom",
            "0,0,1h Ville",
            "0,0,2h Projet",
            "0,1,0 Total Danse",
            "0,1,1 Lens",
            "0,1,2 Un bal",
            "0,2,0 Le Pont",
            "0,2,1 Douai",
            "0,2,2 Un pont",
        ],
    );
}

#[test]
fn records_without_names_of_columns_lose_none() {
    check(
        &["Association Le Toit|Lens|10", "Le Pont|Douai|30"],
        &[
            "0,0,0 Association Le Toit",
            "0,0,1 Lens",
            "0,0,2 10",
            "0,1,0 Le Pont",
            "0,1,1 Douai",
            "0,1,2 30",
        ],
    );
    check(
        &["Le Toit|Lens|Un toit", "Le Pont|Douai|Un pont"],
        &[
            "0,0,0 Le Toit",
            "0,0,1 Lens",
            "0,0,2 Un toit",
            "0,1,0 Le Pont",
            "0,1,1 Douai",
            "0,1,2 Un pont",
        ],
    );
}

#[test]
fn tables_follow_each_other_in_a_sheet() {
    check(
        &[
            "Palmarès",
            "Prix du public",
            "Nom|Ville",
            "Le Toit|Lens",
            "",
            "Prix du jury",
            "Nom|Ville",
            "Le Pont|Douai",
        ],
        &[
            "Title Palmarès",
            "SectionHeader Prix du public",
            "0,0,0h Nom",
            "0,0,1h Ville",
            "0,1,0 Le Toit",
            "0,1,1 Lens",
            "SectionHeader Prix du jury",
            "1,0,0h Nom",
            "1,0,1h Ville",
            "1,1,0 Le Pont",
            "1,1,1 Douai",
        ],
    );
}
