//! What the columns of a table hold whose heads nobody knows: measured on their cells, and weighed by what has been learnt (docs/learning.md).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::look::{begins_with_date, is_amount, is_award};
use super::told;
use crate::model::document::{Cell, Document};
use crate::profile::weights::weights;
use crate::profile::{Field, LEXICON, VOCABULARY, fold, places};

/// The roles that are told by cells. Of others too few columns have no head that is known.
pub const ROLES: [(&str, Field); 3] = [
    ("name", Field::Name),
    ("project", Field::Project),
    ("territory", Field::Territory),
];

/// From this likelihood on, a column is taken for what it is likely to be, where nothing else says so.
const LIKELY: f32 = 0.5;

/// Cells of a column that are looked at.
const MOST_CELLS: usize = 200;

/// A column of a data table, below its head.
#[derive(Clone, Debug)]
pub struct Column<'d> {
    /// The table, and the how-manieth column of it.
    pub place: (u32, u16),
    /// Its head.
    pub head: &'d str,
    /// What its cells say, without the empty ones.
    pub cells: Vec<&'d str>,
    /// Rows of the table.
    n_rows: usize,
    /// Columns of the table.
    n_columns: u16,
}

/// What speaks for a role of a column, or against it.
struct Measure {
    name: &'static str,
    of: fn(&Column<'_>) -> f32,
}

/// A further one is a further row here; scripts/learn/columns.py learns what each is worth.
static MEASURES: [Measure; 21] = [
    Measure {
        name: "distinct",
        of: |column| {
            let distinct: BTreeSet<&str> = column.cells.iter().copied().collect();
            distinct.len() as f32 / column.cells.len().max(1) as f32
        },
    },
    Measure {
        name: "filled",
        of: |column| column.cells.len() as f32 / column.n_rows.clamp(1, MOST_CELLS) as f32,
    },
    Measure {
        name: "words",
        of: |column| column.mean(|text| (text.split_whitespace().count() as f32).ln_1p()),
    },
    Measure {
        name: "one word",
        of: |column| column.share(|text| !text.contains(char::is_whitespace)),
    },
    Measure {
        name: "begins with a capital",
        of: |column| column.share(|text| text.starts_with(char::is_uppercase)),
    },
    Measure {
        name: "capitals",
        of: |column| {
            column.share(|text| {
                text.contains(char::is_uppercase) && !text.contains(char::is_lowercase)
            })
        },
    },
    Measure {
        name: "words with a capital",
        of: |column| {
            column.mean(|text| {
                let words = || text.split_whitespace().skip(1);
                let capital = words().filter(|word| word.starts_with(char::is_uppercase));
                capital.count() as f32 / words().count().max(1) as f32
            })
        },
    },
    Measure {
        name: "organisations",
        of: |column| column.mean(|text| VOCABULARY.organisation_lean(text).clamp(-2.0, 2.0)),
    },
    Measure {
        name: "places",
        of: |column| column.share(|text| places::likeness(text) >= places::SURE),
    },
    Measure {
        name: "codes",
        of: |column| column.share(is_code),
    },
    Measure {
        name: "figures",
        of: |column| column.share(|text| !text.contains(char::is_alphabetic)),
    },
    Measure {
        name: "digits",
        of: |column| column.share(|text| text.contains(|c: char| c.is_ascii_digit())),
    },
    Measure {
        name: "sums",
        of: |column| column.share(is_amount),
    },
    Measure {
        name: "dates",
        of: |column| column.share(begins_with_date),
    },
    Measure {
        name: "prizes",
        of: |column| column.share(is_award),
    },
    Measure {
        name: "persons",
        of: |column| column.share(names_persons),
    },
    Measure {
        name: "sentences",
        of: |column| column.share(|text| text.trim_end().ends_with(['.', '…', '!'])),
    },
    Measure {
        name: "addresses",
        of: |column| column.share(|text| VOCABULARY.is_address(text) || text.contains("://")),
    },
    Measure {
        name: "place in the row",
        of: |column| f32::from(column.place.1) / f32::from(column.n_columns.max(1)),
    },
    Measure {
        name: "head of another field",
        of: |column| column.heads(|field| !ROLES.iter().any(|(_, role)| *role == field)),
    },
    Measure {
        name: "head of a place",
        of: |column| column.heads(|field| field == Field::Territory),
    },
];

/// Measures, in the order in which a column's are given.
pub fn measure_names() -> impl Iterator<Item = &'static str> {
    MEASURES.iter().map(|measure| measure.name)
}

impl Column<'_> {
    /// All measures.
    pub fn measures(&self) -> Vec<f32> {
        MEASURES.iter().map(|measure| (measure.of)(self)).collect()
    }

    fn mean(&self, of: impl Fn(&str) -> f32) -> f32 {
        let sum: f32 = self.cells.iter().map(|text| of(text)).sum();
        sum / self.cells.len().max(1) as f32
    }

    fn share(&self, is: impl Fn(&str) -> bool) -> f32 {
        self.mean(|text| f32::from(u8::from(is(text))))
    }

    /// Whether a word of the head is the label of such a field.
    fn heads(&self, is: impl Fn(Field) -> bool) -> f32 {
        let folded = fold(self.head);
        let mut words = folded.split(|c: char| !c.is_alphanumeric());
        f32::from(u8::from(
            words.any(|word| LEXICON.field(word).is_some_and(&is)),
        ))
    }

    /// Whether cells may say who each row is about, what it does, or where: they are not all the same, as who gives is, nor codes.
    fn tells_apart(&self) -> bool {
        let is_constant = self.cells.len() > 2
            && self
                .cells
                .windows(2)
                .all(|pair| pair.first() == pair.last());
        let worded = |text: &&&str| text.chars().filter(|c| c.is_alphabetic()).count() > 1;
        let n_worded = self.cells.iter().filter(worded).count();
        !is_constant && n_worded * 2 > self.cells.len() && self.share(is_code) <= 0.5
    }

    /// Whether most rows have a cell of it.
    fn is_filled(&self) -> bool {
        self.cells.len() * 2 > self.n_rows.min(MOST_CELLS)
    }

    /// How much its cells look like the names of organisations, beside titles.
    fn leans_to_bodies(&self) -> f32 {
        self.mean(|text| VOCABULARY.organisation_lean(text))
    }

    /// How likely the column has a role, by what its cells look like.
    fn likelihood(&self, role: Field) -> f32 {
        let Some(model) = MODELS.get(&role) else {
            return 0.0;
        };
        let terms = model.weights.iter().zip(self.measures());
        let sum = model.intercept + terms.map(|(weight, measure)| weight * measure).sum::<f32>();
        1.0 / (1.0 + (-sum).exp())
    }
}

/// « N2H 5R9 », « sub-2019/12 »
fn is_code(text: &str) -> bool {
    let mut words = text.split_whitespace();
    words.all(|word| word.contains(|c: char| c.is_ascii_digit()))
        || !text.contains(char::is_whitespace)
            && (!text.contains(char::is_uppercase) || text.contains(['_', '@', '/']))
}

/// « Claire Fontenay », « Claire Fontenay, Paul de Brotaix »
fn names_persons(text: &str) -> bool {
    let small = [
        "de", "du", "des", "da", "dos", "di", "van", "von", "la", "le",
    ];
    let is_person = |piece: &str| {
        let words = || {
            piece
                .split_whitespace()
                .filter(|word| !small.contains(&fold(word).as_str()))
        };
        (2..=4).contains(&words().count())
            && words().all(|word| word.starts_with(char::is_uppercase))
            && !piece.contains(|c: char| c.is_ascii_digit())
    };
    let text =
        (told::joiners().iter()).fold(text.to_owned(), |text, joint| text.replace(joint, ", "));
    text.split([',', ';', '&', '\n']).all(is_person) && VOCABULARY.organisation_lean(&text) <= 0.5
}

/// The columns of a document's tables below their heads.
pub(super) fn columns<'d>(
    document: &'d Document,
    heads: impl IntoIterator<Item = ((u32, u16), &'d str)>,
    is_head: impl Fn(Cell) -> bool,
) -> Vec<Column<'d>> {
    let mut columns: BTreeMap<(u32, u16), Column<'d>> = BTreeMap::new();
    for (place, head) in heads {
        columns.entry(place).or_insert(Column {
            place,
            head,
            cells: Vec::new(),
            n_rows: 0,
            n_columns: 0,
        });
    }
    let mut sizes: BTreeMap<u32, (u32, u16)> = BTreeMap::new();
    for block in &document.blocks {
        let Some(cell) = block.cell.filter(|cell| !is_head(*cell)) else {
            continue;
        };
        let (rows, width) = sizes.entry(cell.table).or_default();
        *rows = (*rows).max(cell.row + 1);
        *width = (*width).max(cell.column + 1);
        let text = block.text.as_str().trim();
        if let Some(column) = columns.get_mut(&(cell.table, cell.column))
            && column.cells.len() < MOST_CELLS
            && !text.is_empty()
        {
            column.cells.push(text);
        }
    }
    for column in columns.values_mut() {
        let (rows, width) = sizes.get(&column.place.0).copied().unwrap_or_default();
        column.n_rows = rows as usize;
        column.n_columns = width;
    }
    columns.into_values().collect()
}

/// What a column is told to hold, and how likely that is.
pub(super) struct Settled {
    /// The column.
    pub(super) place: (u32, u16),
    /// What it holds.
    pub(super) field: Field,
    likely: f32,
}

/// What is told of the columns of one table, beside the `known` fields that labels say; `label_of` tells the field of a column that has one.
pub(super) fn settle(
    columns: &[Column<'_>],
    known: &[Field],
    label_of: impl Fn((u32, u16)) -> Option<Field>,
    n_rows: usize,
) -> Vec<Settled> {
    // Every third cell begins with a word of organisations.
    const BODIES: f32 = 0.6;
    // Where labels are known, they say that the table is one of records; else its cells do.
    const FEWEST_ROWS: usize = 3;
    const FEWEST_COLUMNS: usize = 3;
    let is_wide = columns.len() >= FEWEST_COLUMNS && n_rows >= FEWEST_ROWS;
    if n_rows < 2 || known.is_empty() && !is_wide {
        return Vec::new();
    }
    let label = |column: &Column<'_>| label_of(column.place);
    let mut settled: Vec<Settled> = Vec::new();
    // « Bénéficiaires » above bodies: who gets, not whom it serves.
    if !known.contains(&Field::Name) {
        let receivers = columns.iter().find(|column| {
            label(column) == Some(Field::Public)
                && column.tells_apart()
                && column.leans_to_bodies() >= BODIES
        });
        settled.extend(receivers.map(|column| Settled {
            place: column.place,
            field: Field::Name,
            likely: 1.0,
        }));
    }
    let least_name = if known.is_empty() { LIKELY } else { 0.0 };
    for (field, least) in [
        (Field::Name, least_name),
        (Field::Project, LIKELY),
        (Field::Territory, LIKELY),
    ] {
        if known.contains(&field)
            || field == Field::Project && known.contains(&Field::Description)
            || settled.iter().any(|settled| settled.field == field)
        {
            continue;
        }
        let best = (columns.iter())
            .filter(|column| match label(column) {
                None => field == Field::Name || column.is_filled(),
                // Where nothing else says who it is, a partner is whom the giver works with.
                Some(Field::Partners) => field == Field::Name,
                Some(_) => false,
            })
            .filter(|column| {
                column.tells_apart() && settled.iter().all(|other| other.place != column.place)
            })
            .map(|column| Settled {
                place: column.place,
                field,
                likely: column.likelihood(field),
            })
            .filter(|settled| settled.likely >= least)
            .reduce(|best, other| {
                if other.likely > best.likely {
                    other
                } else {
                    best
                }
            });
        settled.extend(best);
        // Without anybody that a row is about it is a table of something else.
        if known.is_empty() && settled.is_empty() {
            break;
        }
    }
    settled
}

#[derive(Debug)]
struct Model {
    intercept: f32,
    /// In the order of the measures.
    weights: Vec<f32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ModelFile {
    intercept: f32,
    weights: BTreeMap<String, f32>,
}

/// What has been learnt of each role.
static MODELS: LazyLock<BTreeMap<Field, Model>> = LazyLock::new(|| {
    let mut file: BTreeMap<String, ModelFile> =
        toml::from_str(&weights!("columns.toml")).expect("the weights are built in");
    (ROLES.iter())
        .filter_map(|(name, role)| {
            let model = file.remove(*name)?;
            let weight = |name: &str| model.weights.get(name).copied().unwrap_or_default();
            let weights = measure_names().map(weight).collect();
            let intercept = model.intercept;
            Some((*role, Model { intercept, weights }))
        })
        .collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_persons_are_told_by_their_words() {
        for code in ["N2H 5R9", "75", "sub_2019", "a-b"] {
            assert!(is_code(code), "{code}");
        }
        for name in ["A21 Solidaire", "Amicale du 14 juillet"] {
            assert!(!is_code(name), "{name}");
        }
        for persons in [
            "Claire Fontenay",
            "Claire Fontenay, Paul de Brotaix et Inès Roc",
        ] {
            assert!(names_persons(persons), "{persons}");
        }
        for other in ["Un four pour tous", "Association Les Amis", "Dole"] {
            assert!(!names_persons(other), "{other}");
        }
    }
}
