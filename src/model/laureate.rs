//! The golden record: one laureate, from all its mentions; and the links that made it (`schemas/laureate.schema.json`, `schemas/link.schema.json`).

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::mention::{
    Age, Amount, Audience, Award, Edition, Identifier, Inferred, Length, Period, Place, Quote,
};

/// The body behind one or more laureates.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(
    title = "Organisation",
    description = "Organisme derrière un ou plusieurs lauréats."
)]
pub struct Organisation {
    /// `o-` et 16 chiffres hexadécimaux, d'après la plus petite mention de l'organisation.
    #[schemars(title = "Identifiant", extend("pattern" = "^o-[0-9a-f]{16}$"))]
    pub id: String,
    /// Nom retenu.
    #[schemars(title = "Nom")]
    pub name: Option<String>,
    /// Autres noms et graphies rencontrés.
    #[schemars(title = "Autres noms")]
    pub aliases: Vec<String>,
}

/// A mention that the record is made from.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(default)]
#[schemars(title = "Source", description = "Mention dont la fiche est faite.")]
pub struct SourceRef {
    /// Document, par son chemin.
    #[schemars(title = "Document")]
    pub document: String,
    /// Rang dans le document.
    #[schemars(title = "Position")]
    pub position: u32,
    /// Identifiant de la mention.
    #[schemars(title = "Mention")]
    pub mention: String,
    /// Numéro imprimé.
    #[schemars(title = "Numéro")]
    pub ordinal: Option<u32>,
    /// Page du nom ou du projet, à partir de 1.
    #[schemars(title = "Page")]
    pub page: Option<u32>,
}

/// A value that differs from the one retained, and who states it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(
    title = "Variante",
    description = "Valeur qui diffère de celle retenue, et qui l'énonce."
)]
pub struct Variant {
    /// Valeur, telle que la mention la donne.
    #[schemars(title = "Valeur")]
    pub value: Value,
    /// Mentions qui la donnent.
    #[schemars(title = "Mentions")]
    pub mentions: Vec<String>,
    /// La valeur contredit celle retenue : plus qu'une graphie ou qu'une version abrégée.
    #[schemars(title = "Conflit")]
    pub conflict: bool,
}

/// One laureate, from all its mentions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(
    title = "Lauréat",
    description = "Un lauréat, d'après toutes ses mentions."
)]
pub struct Laureate {
    /// `l-` et 16 chiffres hexadécimaux, d'après la plus petite de ses mentions.
    #[schemars(title = "Identifiant", extend("pattern" = "^l-[0-9a-f]{16}$"))]
    pub id: String,
    /// Organisation.
    #[schemars(title = "Organisation")]
    pub organisation: Organisation,
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
    /// Mots-clés.
    #[schemars(title = "Mots-clés")]
    pub keywords: Vec<String>,
    /// Types de public.
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
    /// Lieux, avec leurs codes officiels, de toutes les mentions.
    #[schemars(title = "Lieux")]
    pub places: Vec<Place>,
    /// Catégories de public, de toutes les mentions.
    #[schemars(title = "Catégories de public")]
    pub audiences: Vec<Audience>,
    /// Numéros officiels de l'organisme, de toutes les mentions.
    #[schemars(title = "Numéros officiels")]
    pub identifiers: Vec<Identifier>,
    /// Dates et périodes, en valeurs, de toutes les mentions.
    #[schemars(title = "Périodes")]
    pub periods: Vec<Period>,
    /// Durées, en valeurs, de toutes les mentions.
    #[schemars(title = "Durées")]
    pub durations: Vec<Length>,
    /// Âges du public, de toutes les mentions.
    #[schemars(title = "Âges")]
    pub ages: Vec<Age>,
    /// Ce que la prose suggère, de toutes les mentions.
    #[schemars(title = "Déduit")]
    pub inferred: Inferred,
    /// Mentions dont la fiche est faite.
    #[schemars(title = "Sources", length(min = 1))]
    pub sources: Vec<SourceRef>,
    /// Mention qui a donné la valeur retenue, par pointeur JSON : ses preuves y sont.
    #[schemars(title = "Provenance")]
    pub provenance: BTreeMap<String, String>,
    /// Valeurs qui diffèrent de celle retenue, par pointeur JSON.
    #[schemars(title = "Variantes")]
    pub variants: BTreeMap<String, Vec<Variant>>,
    /// Nombre de champs dont une variante contredit la valeur retenue.
    #[schemars(title = "Conflits")]
    pub conflicts: u32,
    /// Confiance entre 0 et 1 de chaque valeur retenue, par pointeur JSON.
    #[schemars(title = "Confiance")]
    pub confidence: BTreeMap<String, f64>,
    /// Valeurs qui ne viennent pas du texte : `profile`, `inferred` ou `decided`, par pointeur JSON.
    #[schemars(title = "Origine")]
    pub origin: BTreeMap<String, String>,
}

/// What became of a pair.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// One laureate.
    SameLaureate,
    /// One organisation, two laureates.
    SameOrganisation,
    /// Two organisations.
    #[default]
    Different,
    /// One is named as a partner of the other: a link, not a merge.
    Partner,
}

/// What one comparison contributed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(title = "Contribution", description = "Ce qu'une comparaison apporte.")]
pub struct Contribution {
    /// Ce qui est comparé : name, territory, project…
    #[schemars(title = "Comparaison")]
    pub comparison: String,
    /// Degré d'accord.
    #[schemars(title = "Degré")]
    pub level: String,
    /// Poids en bits : le logarithme à base 2 du rapport de vraisemblance.
    #[schemars(title = "Poids")]
    pub weight: f64,
}

/// The account of one question about a pair: the contributions and the prior add up to the weight.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(
    title = "Jugement",
    description = "Compte d'une question posée à une paire : l'a priori et les contributions font le poids."
)]
pub struct Judgement {
    /// Poids de départ, avant toute comparaison.
    #[schemars(title = "A priori")]
    pub prior: f64,
    /// Contributions.
    #[schemars(title = "Contributions")]
    pub contributions: Vec<Contribution>,
    /// Poids total en bits.
    #[schemars(title = "Poids total")]
    pub weight: f64,
    /// Probabilité.
    #[schemars(title = "Probabilité", range(min = 0.0, max = 1.0))]
    pub probability: f64,
}

/// A pair of mentions that was considered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(
    title = "Lien",
    description = "Paire de mentions qui a été considérée."
)]
pub struct LinkRecord {
    /// Première mention.
    #[schemars(title = "Mention A")]
    pub a: String,
    /// Seconde mention.
    #[schemars(title = "Mention B")]
    pub b: String,
    /// Décision.
    #[schemars(title = "Décision")]
    pub decision: Decision,
    /// Pourquoi la décision n'est pas celle de la seule probabilité : `same_list`, `must_link`, `cannot_link`, `cluster`, `copy`.
    #[schemars(title = "Motif")]
    pub because: Option<String>,
    /// Règles qui ont rapproché les deux mentions.
    #[schemars(title = "Rapprochement")]
    pub blocked_by: Vec<String>,
    /// Partenaire, tel que la mention A le nomme, quand la décision est `partner` : c'est l'organisation de la mention B.
    #[schemars(title = "Partenaire")]
    pub partner: Option<String>,
    /// Est-ce la même organisation ?
    #[schemars(title = "Organisation")]
    pub organisation: Judgement,
    /// Est-ce le même lauréat, si l'organisation est la même ?
    #[schemars(title = "Lauréat")]
    pub laureate: Option<Judgement>,
}

impl LinkRecord {
    /// How far it is from an even chance that the two are one organisation, from 0 to 0.5.
    pub fn certainty(&self) -> f64 {
        (self.organisation.probability - 0.5).abs()
    }

    /// Whether a person may want to look at it: the odds are less than four to one either way.
    pub fn is_uncertain(&self) -> bool {
        self.certainty() < 0.3
    }
}

/// An organisation of the register that an organisation of laureates may be.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(
    title = "Candidat",
    description = "Organisme du registre que l'organisation peut être."
)]
pub struct RegisterCandidate {
    /// Numéro dans le registre.
    #[schemars(title = "Numéro")]
    pub id: String,
    /// Nom dans le registre.
    #[schemars(title = "Nom")]
    pub name: Option<String>,
    /// Siège dans le registre.
    #[schemars(title = "Siège")]
    pub seat: Option<String>,
    /// Tenu pour cette organisation.
    #[schemars(title = "Retenu")]
    pub is_joined: bool,
    /// Pourquoi la décision n'est pas celle de la seule probabilité : `number`, un document donne le numéro ; `cluster`, `copy`.
    #[schemars(title = "Motif")]
    pub because: Option<String>,
    /// Compte de la question : est-ce le même organisme ?
    #[schemars(title = "Jugement")]
    pub judgement: Judgement,
}

/// What a register of the user's own has of an organisation: a proposal, with its reasons.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(
    title = "Rapprochement",
    description = "Ce qu'un registre a d'une organisation : une proposition, avec ses raisons."
)]
pub struct RegisterMatch {
    /// Organisation, par son identifiant.
    #[schemars(title = "Organisation", extend("pattern" = "^o-[0-9a-f]{16}$"))]
    pub organisation: String,
    /// Nom retenu.
    #[schemars(title = "Nom")]
    pub name: String,
    /// Numéro, dans le registre, de l'organisme pour lequel elle est tenue.
    #[schemars(title = "Rapproché de")]
    pub joined: Option<String>,
    /// Candidats du registre, du plus au moins probable, trois au plus.
    #[schemars(title = "Candidats")]
    pub candidates: Vec<RegisterCandidate>,
}
