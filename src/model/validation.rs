//! What checking records found: the report that `palmares validate` writes.

use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::evidence::Evidence;
use crate::message::Message;

/// The form of the report. A program that reads it may rely on what has this number.
pub const VERSION: u32 = 1;

/// Ce qu'une règle défend : `valid`, l'enregistrement est ce que le schéma promet ; `quality`, ce qu'il dit est juste et complet pour qui l'importe ;
/// `usefulness`, il porte de quoi être rapproché d'autres données.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(title = "Étage")]
pub enum Tier {
    /// The record is what its schema promises.
    #[default]
    Valid,
    /// What it says is right, and enough for who imports it.
    Quality,
    /// It has what other data can be joined on.
    Usefulness,
}

impl Tier {
    /// All of them, the gravest first.
    pub const ALL: [Self; 3] = [Self::Valid, Self::Quality, Self::Usefulness];
}

/// Une règle, et combien de fois elle n'est pas tenue.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "Règle")]
pub struct RuleCount {
    /// Nom de la règle.
    #[schemars(title = "Nom")]
    pub name: String,
    /// Étage.
    #[schemars(title = "Étage")]
    pub tier: Tier,
    /// Ce qu'elle vérifie, en anglais.
    #[schemars(title = "Vérifie")]
    pub what: String,
    /// Nombre d'erreurs.
    #[schemars(title = "Erreurs")]
    pub errors: usize,
    /// Nombre d'enregistrements qui en ont.
    #[schemars(title = "Enregistrements")]
    pub records: usize,
}

/// Une erreur : quelle règle n'est pas tenue, où, par quelle valeur.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "Erreur")]
pub struct Fault {
    /// Nom de la règle.
    #[schemars(title = "Règle")]
    pub rule: String,
    /// Étage de la règle.
    #[schemars(title = "Étage")]
    pub tier: Tier,
    /// Fichier de l'enregistrement.
    #[schemars(title = "Fichier")]
    pub file: String,
    /// Ligne dans le fichier, à partir de 1.
    #[schemars(title = "Ligne", range(min = 1))]
    pub line: Option<usize>,
    /// Numéro dans un fichier dont les enregistrements ne sont pas un par ligne, à partir de 1.
    #[schemars(title = "Numéro", range(min = 1))]
    pub record: Option<usize>,
    /// Identifiant de l'enregistrement.
    #[schemars(title = "Identifiant")]
    pub id: Option<String>,
    /// Pointeur JSON de la valeur en cause ; vide pour l'enregistrement entier.
    #[schemars(title = "Pointeur")]
    pub pointer: String,
    /// Ce qui ne va pas, en anglais.
    #[serde(serialize_with = "in_english")]
    #[schemars(title = "Message", with = "String")]
    pub message: Message,
    /// Valeur en cause.
    #[schemars(title = "Valeur")]
    pub value: Value,
    /// Document source.
    #[schemars(title = "Document")]
    pub document: Option<String>,
    /// Place de la valeur dans le document.
    #[schemars(title = "Preuve")]
    pub evidence: Vec<Evidence>,
}

fn in_english<S: Serializer>(message: &Message, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(message)
}

/// Ce que la vérification a trouvé, par règle et par étage.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "Validation")]
pub struct ValidationReport {
    /// Version de la forme de ce rapport.
    #[schemars(title = "Version")]
    pub version: u32,
    /// Nombre d'enregistrements vérifiés.
    #[schemars(title = "Enregistrements")]
    pub records: usize,
    /// Nombre d'enregistrements qui ne sont pas valides.
    #[schemars(title = "Non valides")]
    pub not_valid: usize,
    /// Nombre d'enregistrements qu'un importateur rejetterait : ceux qui ont une erreur de validité ou de qualité.
    #[schemars(title = "Rejetés")]
    pub rejected: usize,
    /// Part d'enregistrements rejetés qui est admise, entre 0 et 1.
    #[schemars(title = "Rejets admis", range(min = 0.0, max = 1.0))]
    pub max_reject: Option<f64>,
    /// Si la vérification est passée : rien de non valide, ou pas plus de rejets que ce qui est admis.
    #[schemars(title = "Passée")]
    pub passed: bool,
    /// Règles, tenues ou non.
    #[schemars(title = "Règles")]
    pub rules: Vec<RuleCount>,
    /// Erreurs, dans l'ordre des enregistrements.
    #[schemars(title = "Erreurs")]
    pub errors: Vec<Fault>,
}

impl ValidationReport {
    /// The part of the records that an importer would reject.
    pub fn share(&self) -> f64 {
        if self.records == 0 {
            return 0.0;
        }
        self.rejected as f64 / self.records as f64
    }
}
