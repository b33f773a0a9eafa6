//! What a run says of its documents and of itself: the records of `documents.ndjson`, `rejects.ndjson` and `run.json`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::evidence::Evidence;
use super::mention::{Amount, DocumentRef};
use crate::diagnostic::{Diagnostic, Severity};
use crate::message::Message;

/// Un appel à projets nommé par un document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(title = "Appel à projets")]
pub struct Call {
    /// Nom de l'appel, comme imprimé.
    #[schemars(title = "Nom")]
    pub name: String,
    /// Autres noms de l'appel dans le document.
    #[schemars(title = "Autres noms")]
    pub aliases: Vec<String>,
    /// État de l'appel, comme imprimé.
    #[schemars(title = "État")]
    pub status: Option<String>,
    /// Dates, comme imprimées.
    #[schemars(title = "Dates")]
    pub dates: Option<String>,
    /// Vagues, comme imprimées.
    #[schemars(title = "Vagues")]
    pub waves: Option<String>,
    /// Nombre de lauréats annoncé.
    #[schemars(title = "Annoncés")]
    pub announced: Option<u32>,
    /// Phrase qui l'annonce.
    #[schemars(title = "Annonce")]
    pub announced_text: Option<String>,
    /// Nombre de mentions trouvées.
    #[schemars(title = "Trouvées")]
    pub found: u32,
}

/// Un chiffre que le document met en avant.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(title = "Chiffre clé")]
pub struct Counter {
    /// Valeur.
    #[schemars(title = "Valeur")]
    pub value: f64,
    /// Groupe de mots, comme imprimé.
    #[schemars(title = "Texte")]
    pub text: String,
}

/// Une remarque faite pendant la lecture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(title = "Remarque")]
pub struct Remark {
    /// `note`, `warning`, ou `error` quand une part du document n'a pas pu être lue.
    #[schemars(title = "Gravité", extend("enum" = ["note", "warning", "error"]))]
    pub severity: String,
    /// Ce qui est remarqué.
    #[schemars(title = "Message")]
    pub message: String,
    /// Page, à partir de 1.
    #[schemars(title = "Page", range(min = 1))]
    pub page: Option<u32>,
    /// Ce que le lecteur peut faire.
    #[schemars(title = "Conseil")]
    pub hint: Option<String>,
}

impl From<&Diagnostic> for Remark {
    fn from(diagnostic: &Diagnostic) -> Self {
        Self {
            severity: match diagnostic.severity {
                Severity::Note => "note",
                Severity::Warning => "warning",
                Severity::Error => "error",
            }
            .to_owned(),
            message: diagnostic.message.to_string(),
            page: diagnostic.page,
            hint: diagnostic.hint.as_ref().map(ToString::to_string),
        }
    }
}

/// Ce qu'un document dit de lui-même et de ses appels, et le compte de ce qui y a été lu.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(title = "Document")]
pub struct DocumentRecord {
    /// Document source.
    #[schemars(title = "Document")]
    pub document: DocumentRef,
    /// Nombre de pages.
    #[schemars(title = "Pages")]
    pub pages: Option<u32>,
    /// Éditeur, comme imprimé.
    #[schemars(title = "Éditeur")]
    pub publisher: Option<String>,
    /// Ce que le document semble être : `laureates`, `call`, `article`, `form`, `rules`…
    #[schemars(title = "Nature")]
    pub kind: Option<String>,
    /// Profil qui l'a décrit.
    #[schemars(title = "Profil")]
    pub profile: Option<String>,
    /// Appels à projets.
    #[schemars(title = "Appels")]
    pub calls: Vec<Call>,
    /// Chiffres clés.
    #[schemars(title = "Chiffres clés")]
    pub counters: Vec<Counter>,
    /// Budget.
    #[schemars(title = "Budget")]
    pub budget: Option<Amount>,
    /// Glossaire : sigle ou terme, et sa définition.
    #[schemars(title = "Glossaire")]
    pub glossary: BTreeMap<String, String>,
    /// Index : entrée, et les numéros de fiche.
    #[schemars(title = "Index")]
    pub index: BTreeMap<String, Vec<u32>>,
    /// Nombre de lauréats annoncé.
    #[schemars(title = "Annoncés")]
    pub announced: Option<u32>,
    /// Phrase qui l'annonce.
    #[schemars(title = "Annonce")]
    pub announced_text: Option<String>,
    /// Nombre de mentions trouvées.
    #[schemars(title = "Trouvées")]
    pub found: u32,
    /// Part du texte qui n'appartient à aucune mention, entre 0 et 1.
    #[schemars(title = "Part orpheline", range(min = 0.0, max = 1.0))]
    pub orphan_share: f64,
    /// Remarques.
    #[schemars(title = "Remarques")]
    pub warnings: Vec<Remark>,
    /// Places dans la source de chaque valeur, par pointeur JSON.
    #[schemars(title = "Preuves")]
    pub evidence: BTreeMap<String, Vec<Evidence>>,
}

/// Une raison de rejet.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(title = "Raison")]
pub struct Reason {
    /// Pointeur JSON de la valeur en cause ; vide pour l'enregistrement entier.
    #[schemars(title = "Pointeur")]
    pub pointer: String,
    /// Ce qui ne va pas.
    #[serde(with = "crate::message::text")]
    #[schemars(title = "Message", with = "String")]
    pub message: Message,
    /// Valeur en cause.
    #[schemars(title = "Valeur")]
    pub value: Value,
    /// Place de la valeur dans la source.
    #[schemars(title = "Preuve")]
    pub evidence: Vec<Evidence>,
}

/// Ce qui n'a pas été retenu, et pourquoi.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(title = "Rejet")]
pub struct Reject {
    /// Ce qui est rejeté : `document`, `mention`, `laureate` ou `link`.
    #[schemars(title = "Nature", extend("enum" = ["document", "mention", "laureate", "link"]))]
    pub kind: String,
    /// Étape qui le rejette : `ingest`, `parse`, `segment`, `extract`, `decide` ou `validate`.
    #[schemars(title = "Étape")]
    pub stage: String,
    /// Document source.
    #[schemars(title = "Document")]
    pub document: DocumentRef,
    /// Identifiant de l'enregistrement.
    #[schemars(title = "Identifiant")]
    pub id: Option<String>,
    /// Rang dans le document, à partir de 1.
    #[schemars(title = "Position")]
    pub position: Option<u32>,
    /// Raisons du rejet.
    #[schemars(title = "Raisons", length(min = 1))]
    pub reasons: Vec<Reason>,
    /// Enregistrement rejeté, tel quel.
    #[schemars(title = "Enregistrement")]
    pub record: Option<Value>,
}

/// Ce à quoi une mention appartient, ou ce qu'est devenu un identifiant qui ne sert plus : ainsi les identifiants durent d'un passage à l'autre.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(title = "Registre")]
pub struct Registered {
    /// Identifiant d'une mention, ou d'un lauréat ou d'un organisme qui n'existe plus.
    #[schemars(title = "Identifiant", extend("pattern" = "^[mlo]-[0-9a-f]{16}$"))]
    pub id: String,
    /// Lauréat de la mention.
    #[schemars(title = "Lauréat")]
    pub laureate: Option<String>,
    /// Organisme de la mention.
    #[schemars(title = "Organisme")]
    pub organisation: Option<String>,
    /// Empreinte du nom et du projet de la mention, à laquelle elle se reconnaît dans un document renommé.
    #[schemars(title = "Contenu")]
    pub content: Option<String>,
    /// Identifiant qui a pris la suite de celui qui n'existe plus.
    #[schemars(title = "Suite")]
    pub now: Option<String>,
}

/// Un document lu, et le compte de ce qu'il a donné.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(title = "Entrée")]
pub struct RunInput {
    /// Chemin nommé par les enregistrements.
    #[schemars(title = "Chemin")]
    pub path: String,
    /// Empreinte SHA-256 des octets ; absente quand le fichier n'a pas pu être lu.
    #[schemars(title = "Empreinte")]
    pub sha256: Option<String>,
    /// Type de média.
    #[schemars(title = "Type de média")]
    pub media_type: Option<String>,
    /// Taille en octets.
    #[schemars(title = "Taille")]
    pub bytes: Option<u64>,
    /// Autres chemins des mêmes octets.
    #[schemars(title = "Mêmes octets")]
    pub duplicates: Vec<String>,
    /// Nombre de pages.
    #[schemars(title = "Pages")]
    pub pages: Option<u32>,
    /// Profil qui l'a décrit.
    #[schemars(title = "Profil")]
    pub profile: Option<String>,
    /// Nombre de lauréats annoncé.
    #[schemars(title = "Annoncés")]
    pub announced: Option<u32>,
    /// Nombre de mentions trouvées.
    #[schemars(title = "Trouvées")]
    pub found: u32,
    /// Nombre de mentions rejetées.
    #[schemars(title = "Rejetées")]
    pub rejected: u32,
    /// Part du texte qui n'appartient à aucune mention.
    #[schemars(title = "Part orpheline")]
    pub orphan_share: Option<f64>,
    /// Remarques.
    #[schemars(title = "Remarques")]
    pub warnings: Vec<Remark>,
    /// Pourquoi le document n'a rien donné.
    #[schemars(title = "Erreur")]
    pub error: Option<String>,
    /// Durée de lecture, en millisecondes.
    #[schemars(title = "Durée (ms)")]
    pub milliseconds: f64,
}

/// Un fichier d'un dossier qui n'a pas été lu.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(title = "Fichier ignoré")]
pub struct Skipped {
    /// Chemin du fichier ou du dossier.
    #[schemars(title = "Chemin")]
    pub path: String,
    /// Pourquoi il n'a pas été lu.
    #[schemars(title = "Raison")]
    pub reason: String,
}

/// Combien d'enregistrements de chaque sorte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(title = "Comptes")]
pub struct RunCounts {
    /// Documents lus.
    #[schemars(title = "Documents")]
    pub documents: usize,
    /// Documents qui n'ont rien donné.
    #[schemars(title = "Documents en échec")]
    pub failed_documents: usize,
    /// Mentions.
    #[schemars(title = "Mentions")]
    pub mentions: usize,
    /// Lauréats.
    #[schemars(title = "Lauréats")]
    pub laureates: usize,
    /// Organisations.
    #[schemars(title = "Organisations")]
    pub organisations: usize,
    /// Paires comparées écrites.
    #[schemars(title = "Liens")]
    pub links: usize,
    /// Rejets.
    #[schemars(title = "Rejets")]
    pub rejects: usize,
    /// Remarques.
    #[schemars(title = "Remarques")]
    pub warnings: usize,
}

/// Une exécution : ce qui est entré, ce qui est sorti, en combien de temps. La seule sortie qui ne se reproduit pas octet par octet.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(title = "Exécution")]
pub struct Run {
    /// Version de palmares.
    #[schemars(title = "Version")]
    pub version: String,
    /// Début, en UTC (RFC 3339).
    #[schemars(title = "Début")]
    pub started: String,
    /// Documents lus, par chemin.
    #[schemars(title = "Entrées")]
    pub inputs: Vec<RunInput>,
    /// Fichiers des dossiers nommés qui n'ont pas été lus, par chemin.
    #[schemars(title = "Ignorés")]
    pub skipped: Vec<Skipped>,
    /// Comptes.
    #[schemars(title = "Comptes")]
    pub counts: RunCounts,
    /// Durée de chaque étape, en millisecondes.
    #[schemars(title = "Durées (ms)")]
    pub timings: BTreeMap<String, f64>,
}
