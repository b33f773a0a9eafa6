//! What the tables have that a run writes and people keep: headers by which they are known again, and beginnings of cells that must not run.

/// What spreadsheets take for the start of a formula (the last four are the full-width forms, which some of them fold), and the control
/// characters that they skip before they look.
pub const FORMULA_STARTS: [char; 11] =
    ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Those of the table for people: in English, then in French for a French spreadsheet.
pub const PEOPLE: [[&str; 10]; 2] = [
    [
        "who",
        "what",
        "where",
        "region",
        "how much",
        "call",
        "document",
        "place in it",
        "doubt",
        "id",
    ],
    [
        "Qui",
        "Quoi",
        "Où",
        "Région",
        "Combien",
        "Appel",
        "Document",
        "Place dans le document",
        "Doute",
        "Identifiant",
    ],
];
