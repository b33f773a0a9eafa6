//! Where a value was read: the serialised form of provenance.

use crate::message;
use crate::message::Message;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a piece of evidence continues the piece before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(
    title = "Jonction",
    description = "Comment un morceau continue le précédent."
)]
pub enum Join {
    /// By a space: the next line of the same paragraph.
    Space,
    /// By a line feed: the next paragraph or list item.
    Newline,
    /// By nothing, where a line-end hyphen was undone.
    Hyphen,
    /// By nothing: the characters follow each other.
    None,
}

/// One contiguous run of the source: a line of a PDF page, bytes of a file, or characters of a cell or paragraph.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(
    title = "Preuve",
    description = "Une suite continue de la source : une ligne d'une page, des octets d'un fichier, ou des caractères d'une cellule ou d'un paragraphe."
)]
pub struct Evidence {
    /// Page, from 1 (PDF).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schemars(
        title = "Page",
        description = "Page, à partir de 1 (PDF).",
        range(min = 1)
    )]
    pub page: Option<u32>,
    /// `[x0, y0, x1, y1]` in points from the top left of the page as displayed (PDF).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schemars(
        title = "Boîte",
        description = "`[x0, y0, x1, y1]` en points depuis le coin supérieur gauche de la page affichée (PDF)."
    )]
    pub bbox: Option<[f64; 4]>,
    /// `[start, end)`: bytes of the file as received (HTML, Markdown, text).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schemars(
        title = "Octets",
        description = "`[début, fin)` : octets du fichier reçu (HTML, Markdown, texte)."
    )]
    pub span: Option<[u32; 2]>,
    /// CSS selector of the element that holds the text (HTML).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schemars(
        title = "Sélecteur",
        description = "Sélecteur CSS de l'élément qui porte le texte (HTML)."
    )]
    pub selector: Option<String>,
    /// Line, from 1 (Markdown, text).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schemars(
        title = "Ligne",
        description = "Ligne, à partir de 1 (Markdown, texte).",
        range(min = 1)
    )]
    pub line: Option<u32>,
    /// Sheet of a workbook, as its tab names it (spreadsheets).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schemars(
        title = "Feuille",
        description = "Feuille du classeur, comme son onglet la nomme (tableurs)."
    )]
    pub sheet: Option<String>,
    /// Cell of the sheet, by the letters of its column and the number of its row (spreadsheets).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schemars(
        title = "Cellule",
        description = "Cellule de la feuille, par les lettres de sa colonne et le numéro de sa ligne (tableurs)."
    )]
    pub cell: Option<String>,
    /// Part of the package that holds the text (Word and OpenDocument texts).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schemars(
        title = "Partie",
        description = "Partie de l'archive qui porte le texte (textes Word et OpenDocument)."
    )]
    pub part: Option<String>,
    /// Paragraph of the part, from 1 (Word and OpenDocument texts).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schemars(
        title = "Paragraphe",
        description = "Paragraphe de la partie, à partir de 1 (textes Word et OpenDocument).",
        range(min = 1)
    )]
    pub paragraph: Option<u32>,
    /// `[start, end)`: characters of the cell or paragraph as shown.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schemars(
        title = "Caractères",
        description = "`[début, fin)` : caractères de la cellule ou du paragraphe tels qu'affichés (tableurs, textes Word et OpenDocument)."
    )]
    pub characters: Option<[u32; 2]>,
    /// How this piece continues the one before; absent on the first, and where it is a space.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schemars(
        title = "Jonction",
        description = "Comment ce morceau continue le précédent ; absent sur le premier, et quand c'est une espace."
    )]
    pub join: Option<Join>,
}

impl Evidence {
    /// Where a person looks first: page, cell, paragraph, line or byte, whichever the form has.
    pub fn place(&self) -> Option<Message> {
        if let Some(page) = self.page {
            return Some(message!("page {page}", page));
        }
        if let Some(cell) = &self.cell {
            return Some(match &self.sheet {
                Some(sheet) => message!("sheet {sheet}, cell {cell}", sheet, cell),
                None => message!("cell {cell}", cell),
            });
        }
        let paragraph =
            (self.paragraph).map(|paragraph| message!("paragraph {paragraph}", paragraph));
        let line = || self.line.map(|line| message!("line {line}", line));
        let byte = || self.span.map(|[byte, _]| message!("byte {byte}", byte));
        paragraph.or_else(line).or_else(byte)
    }
}
