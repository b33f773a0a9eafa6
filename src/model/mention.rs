//! The record of one entry: what one document states of one laureate. This is the record contract (`schemas/mention.schema.json`).

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::evidence::Evidence;

/// The document that a record was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct DocumentRef {
    /// Chemin, tel que donné sur la ligne de commande, relatif au dossier de travail quand il est dessous.
    #[schemars(title = "Chemin")]
    pub path: String,
    /// Empreinte SHA-256 des octets, en hexadécimal.
    #[schemars(title = "Empreinte")]
    pub sha256: String,
    /// Type de média.
    #[schemars(title = "Type de média")]
    pub media_type: String,
    /// Titre, comme le document l'imprime.
    #[schemars(title = "Titre")]
    pub title: Option<String>,
}

/// A testimonial.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Quote {
    /// Ce qui est dit.
    #[schemars(title = "Texte")]
    pub text: String,
    /// Qui parle, comme imprimé.
    #[schemars(title = "Auteur")]
    pub author: Option<String>,
    /// Âge de la personne, en années.
    #[schemars(title = "Âge")]
    pub age: Option<u32>,
}

/// An edition of an event or prize that the project took part in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Edition {
    /// Note, comme imprimée.
    #[schemars(title = "Note")]
    pub note: String,
    /// Évènement ou appel nommé par la note.
    #[schemars(title = "Évènement")]
    pub event: Option<String>,
    /// Année nommée par la note.
    #[schemars(title = "Année")]
    pub year: Option<i32>,
    /// Projet présenté (vrai), recueilli sans être présenté (faux).
    #[schemars(title = "Présenté")]
    pub presented: Option<bool>,
    /// Projet retenu ou non.
    #[schemars(title = "Retenu")]
    pub selected: Option<bool>,
    /// Catégorie nommée par la note.
    #[schemars(title = "Catégorie")]
    pub category: Option<String>,
}

/// A prize: rank and category, as printed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Award {
    /// Prix, comme imprimé.
    #[schemars(title = "Prix")]
    pub text: String,
    /// Rang, 1 pour le premier.
    #[schemars(title = "Rang")]
    pub rank: Option<u32>,
    /// Catégorie.
    #[schemars(title = "Catégorie")]
    pub category: Option<String>,
}

/// An amount of money: the text found, and its value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Amount {
    /// Montant, comme imprimé.
    #[schemars(title = "Texte")]
    pub text: String,
    /// Valeur dans la devise.
    #[schemars(title = "Valeur")]
    pub value: Option<f64>,
    /// Devise, code ISO 4217.
    #[schemars(title = "Devise")]
    pub currency: Option<String>,
}

/// A value that prose suggests: never a stated value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct InferredValue {
    /// Valeur, mot pour mot dans la phrase.
    #[schemars(title = "Valeur")]
    pub value: String,
    /// Phrase d'où elle est tirée.
    #[schemars(title = "Phrase")]
    pub sentence: String,
    /// Confiance entre 0 et 1.
    #[schemars(title = "Confiance")]
    pub confidence: f64,
    /// Place de la phrase dans la source.
    #[schemars(title = "Preuve")]
    pub evidence: Vec<Evidence>,
}

/// A figure that prose or a labelled text states.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Figure {
    /// Nombre.
    #[schemars(title = "Nombre")]
    pub value: f64,
    /// Unité, comme imprimée.
    #[schemars(title = "Unité")]
    pub unit: Option<String>,
    /// Ce que le nombre compte : beneficiaries, duration, share, amount, places, jobs, sessions, count…
    #[schemars(title = "Objet")]
    pub what: String,
    /// objective, achieved ou context.
    #[schemars(title = "Nature")]
    pub nature: String,
    /// Groupe de mots, comme imprimé.
    #[schemars(title = "Texte")]
    pub text: String,
    /// Phrase d'où il est tiré.
    #[schemars(title = "Phrase")]
    pub sentence: String,
    /// Confiance entre 0 et 1.
    #[schemars(title = "Confiance")]
    pub confidence: f64,
    /// Place de la phrase dans la source.
    #[schemars(title = "Preuve")]
    pub evidence: Vec<Evidence>,
}

/// What prose suggests, kept apart from what is stated.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Inferred {
    /// Publics.
    #[schemars(title = "Publics déduits")]
    pub public: Vec<InferredValue>,
    /// Partenaires.
    #[schemars(title = "Partenaires déduits")]
    pub partners: Vec<InferredValue>,
    /// Résultats déjà obtenus.
    #[schemars(title = "Résultats déduits")]
    pub results: Vec<InferredValue>,
    /// Chiffres.
    #[schemars(title = "Chiffres déduits")]
    pub figures: Vec<Figure>,
}

/// What one document states of one laureate.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Mention {
    /// `m-` et 16 chiffres hexadécimaux du SHA-256 de l'empreinte du document et de la position.
    #[schemars(title = "Identifiant")]
    pub id: String,
    /// Document source.
    #[schemars(title = "Document")]
    pub document: DocumentRef,
    /// Rang dans le document, à partir de 1.
    #[schemars(title = "Position")]
    pub position: u32,
    /// Numéro imprimé.
    #[schemars(title = "Numéro")]
    pub ordinal: Option<u32>,
    /// Appel à projets.
    #[schemars(title = "Appel")]
    pub call: Option<String>,
    /// Groupe ou rubrique.
    #[schemars(title = "Groupe")]
    pub group: Option<String>,
    /// Région.
    #[schemars(title = "Région")]
    pub region: Option<String>,
    /// Organisation lauréate.
    #[schemars(title = "Lauréat")]
    pub name: Option<String>,
    /// Titre du projet.
    #[schemars(title = "Projet")]
    pub project: Option<String>,
    /// Territoire.
    #[schemars(title = "Territoire")]
    pub territory: Option<String>,
    /// Public visé.
    #[schemars(title = "Public")]
    pub public: Option<String>,
    /// Partenaires, comme imprimés.
    #[schemars(title = "Partenaires (texte)")]
    pub partners_text: Option<String>,
    /// Partenaires, un par un.
    #[schemars(title = "Partenaires")]
    pub partners: Vec<String>,
    /// Résultats.
    #[schemars(title = "Résultats")]
    pub results: Option<String>,
    /// Description.
    #[schemars(title = "Description")]
    pub description: Option<String>,
    /// Valeur ajoutée de la démarche.
    #[schemars(title = "Valeur ajoutée")]
    pub added_value: Vec<String>,
    /// Besoins.
    #[schemars(title = "Besoins")]
    pub needs: Option<String>,
    /// Type d'aide.
    #[schemars(title = "Type d'aide")]
    pub aid_type: Option<String>,
    /// Témoignages.
    #[schemars(title = "Témoignages")]
    pub quotes: Vec<Quote>,
    /// Liens.
    #[schemars(title = "Liens")]
    pub links: Vec<String>,
    /// Contacts.
    #[schemars(title = "Contacts")]
    pub contacts: Vec<String>,
    /// Édition d'un évènement.
    #[schemars(title = "Édition")]
    pub edition: Option<Edition>,
    /// Mots-clés, d'un index par numéro de fiche ou d'un libellé.
    #[schemars(title = "Mots-clés")]
    pub keywords: Vec<String>,
    /// Types de public, d'un index par numéro de fiche.
    #[schemars(title = "Types de public")]
    pub public_types: Vec<String>,
    /// Financements.
    #[schemars(title = "Financements")]
    pub funding: Vec<String>,
    /// Montant.
    #[schemars(title = "Montant")]
    pub amount: Option<Amount>,
    /// Durée.
    #[schemars(title = "Durée")]
    pub duration: Option<String>,
    /// Dates ou calendrier.
    #[schemars(title = "Dates")]
    pub dates: Option<String>,
    /// Objectifs.
    #[schemars(title = "Objectifs")]
    pub objectives: Option<String>,
    /// Thème.
    #[schemars(title = "Thème")]
    pub theme: Option<String>,
    /// Prix.
    #[schemars(title = "Prix")]
    pub award: Option<Award>,
    /// Textes sous un libellé que le lexique ne connaît pas, par libellé.
    #[schemars(title = "Autres")]
    pub other: BTreeMap<String, String>,
    /// Ce que la prose suggère.
    #[schemars(title = "Déduit")]
    pub inferred: Inferred,
    /// Places dans la source de chaque valeur, par pointeur JSON.
    #[schemars(title = "Preuves")]
    pub evidence: BTreeMap<String, Vec<Evidence>>,
    /// Confiance entre 0 et 1 de chaque valeur, par pointeur JSON.
    #[schemars(title = "Confiance")]
    pub confidence: BTreeMap<String, f64>,
    /// Valeurs qui ne viennent pas du texte : `profile` ou `inferred`, par pointeur JSON.
    #[schemars(title = "Origine")]
    pub origin: BTreeMap<String, String>,
}
