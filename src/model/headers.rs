//! Headers of the tables that a run writes, by which they are known again.

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
