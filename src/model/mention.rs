//! The record of one entry: what one document states of one laureate. This is the record contract (`schemas/mention.schema.json`).

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::evidence::Evidence;

/// The document that a record was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(
    title = "Document source",
    description = "Document d'où vient un enregistrement."
)]
pub struct DocumentRef {
    /// Chemin, tel que donné sur la ligne de commande, relatif au dossier de travail quand il est dessous.
    #[schemars(title = "Chemin")]
    pub path: String,
    /// Empreinte SHA-256 des octets, en hexadécimal.
    #[schemars(title = "Empreinte", extend("pattern" = "^([0-9a-f]{64})?$"))]
    pub sha256: String,
    /// Type de média.
    #[schemars(title = "Type de média")]
    pub media_type: String,
    /// Titre, comme le document l'imprime.
    #[schemars(title = "Titre")]
    pub title: Option<String>,
    /// Adresse d'où il vient, quand elle est connue.
    #[schemars(title = "Adresse")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A testimonial.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(title = "Témoignage", description = "Paroles d'une personne.")]
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
#[schemars(
    title = "Édition",
    description = "Édition d'un évènement ou d'un prix à laquelle le projet a pris part."
)]
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
#[schemars(
    title = "Prix",
    description = "Prix : rang et catégorie, comme imprimés."
)]
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
#[schemars(
    title = "Montant",
    description = "Somme d'argent : le texte trouvé, et sa valeur."
)]
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
#[schemars(
    title = "Valeur déduite",
    description = "Valeur que la prose suggère ; jamais une valeur énoncée."
)]
pub struct InferredValue {
    /// Valeur, mot pour mot dans la phrase.
    #[schemars(title = "Valeur")]
    pub value: String,
    /// Phrase d'où elle est tirée.
    #[schemars(title = "Phrase")]
    pub sentence: String,
    /// Confiance entre 0 et 1.
    #[schemars(title = "Confiance", range(min = 0.0, max = 1.0))]
    pub confidence: f64,
    /// Place de la phrase dans la source.
    #[schemars(title = "Preuve")]
    pub evidence: Vec<Evidence>,
}

/// A figure that prose or a labelled text states.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(
    title = "Chiffre",
    description = "Chiffre énoncé par la prose ou par un texte sous libellé."
)]
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
    #[schemars(title = "Confiance", range(min = 0.0, max = 1.0))]
    pub confidence: f64,
    /// Place de la phrase dans la source.
    #[schemars(title = "Preuve")]
    pub evidence: Vec<Evidence>,
}

/// What prose suggests, kept apart from what is stated.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(
    title = "Déduit",
    description = "Ce que la prose suggère, à part de ce qui est énoncé."
)]
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

/// A place that a territory names, with its official code where it is sure.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(
    title = "Lieu",
    description = "Lieu nommé par le territoire, la région ou le nom, avec son code officiel quand il est sûr."
)]
pub struct Place {
    /// Lieu, comme imprimé.
    #[schemars(title = "Texte")]
    pub text: String,
    /// Ce que c'est : `commune`, `commune_deleguee`, `arrondissement_municipal`, `epci`, `ept`, `arrondissement`, `departement`, `region`, `outre_mer`, `france`, `pays` (nom d'usage), `bassin_emploi`, `quartier`, `qpv`, `etranger` ou `other`.
    #[schemars(title = "Nature", extend("enum" = ["commune", "commune_deleguee", "arrondissement_municipal", "epci", "ept", "arrondissement", "departement", "region", "outre_mer", "france", "pays", "bassin_emploi", "quartier", "qpv", "etranger", "other"]))]
    pub kind: String,
    /// Code officiel géographique, ou SIREN d'un EPCI ; absent quand le lieu n'en a pas ou que plusieurs conviennent.
    #[schemars(title = "Code")]
    pub code: Option<String>,
    /// Nom officiel de l'unité qui porte le code.
    #[schemars(title = "Nom officiel")]
    pub name: Option<String>,
    /// Point de l'unité qui porte le code, pour les cartes : longitude et latitude en degrés (WGS 84). D'une commune, son bourg ; d'un groupe de communes, le milieu de leurs habitants ; absent quand aucun n'est connu.
    #[schemars(title = "Point")]
    pub point: Option<[f64; 2]>,
    /// L'unité n'est pas celle qui est nommée, mais celle qu'on entend communément : Douaisis, l'arrondissement de Douai.
    #[schemars(title = "Approché")]
    pub approximate: bool,
    /// Codes des unités entre lesquelles le texte ne décide pas, ou qui forment ensemble le lieu quand `approximate` est vrai.
    #[schemars(title = "Autres codes")]
    pub alternatives: Vec<String>,
    /// Code de l'unité dont le lieu est une partie : la commune d'un quartier ; à l'étranger, le pays (ISO 3166) quand il est énoncé.
    #[schemars(title = "Dans")]
    pub parent: Option<String>,
    /// `scope` (le projet y a lieu), `seat` (l'organisme y est) ou `extension` (le projet doit s'y étendre).
    #[schemars(title = "Rôle", extend("enum" = ["scope", "seat", "extension"]))]
    pub role: String,
}

/// An audience that a public's text names, by its code in the taxonomy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(
    title = "Catégorie de public",
    description = "Catégorie de public que le texte nomme, selon data/audiences.toml."
)]
pub struct Audience {
    /// Code de la catégorie.
    #[schemars(title = "Code")]
    pub code: String,
    /// Libellé de la catégorie.
    #[schemars(title = "Libellé")]
    pub label: String,
    /// Mots qui la disent, comme imprimés.
    #[schemars(title = "Texte")]
    pub text: String,
}

/// An official number of an organisation, as the text states it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(
    title = "Numéro officiel",
    description = "Numéro officiel de l'organisme, que le texte énonce et dont la clé est juste."
)]
pub struct Identifier {
    /// Ce que c'est : `siren`, `siret`, `rna`, `uai` ou `finess`.
    #[schemars(title = "Registre", extend("enum" = ["siren", "siret", "rna", "uai", "finess"]))]
    pub scheme: String,
    /// Numéro, sans espaces.
    #[schemars(title = "Numéro")]
    pub value: String,
    /// Numéro, comme imprimé.
    #[schemars(title = "Texte")]
    pub text: String,
}

/// A date or a stretch of dates that a text states, in the calendar of ISO 8601.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(
    title = "Période",
    description = "Date ou période que le texte énonce, du premier au dernier jour compris."
)]
pub struct Period {
    /// Date ou période, comme imprimée.
    #[schemars(title = "Texte")]
    pub text: String,
    /// Premier jour, AAAA-MM-JJ ; absent quand le texte n'en pose pas (« jusqu'au 31 mars 2018 »).
    #[schemars(title = "Début", extend("format" = "date"))]
    pub start: Option<String>,
    /// Dernier jour, compris ; absent quand le texte n'en pose pas (« depuis 2018 »).
    #[schemars(title = "Fin", extend("format" = "date"))]
    pub end: Option<String>,
    /// Jusqu'où le texte précise : `day`, `month`, `season`, `year`, ou `approximate` quand une convention borne ce qu'il dit (« fin 2017 »).
    #[schemars(title = "Précision", extend("enum" = ["day", "month", "season", "year", "approximate"]))]
    pub precision: String,
}

/// A length of time that a text states.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(title = "Durée", description = "Durée que le texte énonce.")]
pub struct Length {
    /// Durée, comme imprimée.
    #[schemars(title = "Texte")]
    pub text: String,
    /// Au moins tant d'unités ; égal à `to` quand le texte donne une seule durée, absent quand il ne pose que le plus.
    #[schemars(title = "De")]
    pub from: Option<f64>,
    /// Au plus tant d'unités ; absent quand le texte ne pose que le moins.
    #[schemars(title = "À")]
    pub to: Option<f64>,
    /// Unité : `hour`, `day`, `week`, `month` ou `year`.
    #[schemars(title = "Unité", extend("enum" = ["hour", "day", "week", "month", "year"]))]
    pub unit: String,
}

/// The ages of those whom a public's text names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(
    title = "Âges",
    description = "Âges des personnes que le public nomme, en années."
)]
pub struct Age {
    /// Âges, comme imprimés.
    #[schemars(title = "Texte")]
    pub text: String,
    /// Le plus jeune, compris ; absent quand le texte n'en pose pas (« moins de 26 ans »).
    #[schemars(title = "De")]
    pub from: Option<f64>,
    /// Le plus âgé : compris, sauf derrière « moins de » ; absent quand le texte n'en pose pas (« 60 ans et plus »).
    #[schemars(title = "À")]
    pub to: Option<f64>,
}

/// A value that is less likely right is doubtful: to be looked at before it is used.
pub const DOUBTFUL: f64 = 0.6;

/// What one document states of one laureate.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(title = "Mention", description = "Ce qu'un document dit d'un lauréat.")]
pub struct Mention {
    /// `m-` et 16 chiffres hexadécimaux du SHA-256 de l'empreinte du document et de la position.
    #[schemars(title = "Identifiant", extend("pattern" = "^m-[0-9a-f]{16}$"))]
    pub id: String,
    /// Document source.
    #[schemars(title = "Document")]
    pub document: DocumentRef,
    /// Rang dans le document, à partir de 1.
    #[schemars(title = "Position", range(min = 1))]
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
    /// Lieux, avec leurs codes officiels.
    #[schemars(title = "Lieux")]
    pub places: Vec<Place>,
    /// Catégories de public.
    #[schemars(title = "Catégories de public")]
    pub audiences: Vec<Audience>,
    /// Numéros officiels de l'organisme.
    #[schemars(title = "Numéros officiels")]
    pub identifiers: Vec<Identifier>,
    /// Dates et périodes, en valeurs.
    #[schemars(title = "Périodes")]
    pub periods: Vec<Period>,
    /// Durées, en valeurs.
    #[schemars(title = "Durées")]
    pub durations: Vec<Length>,
    /// Âges du public.
    #[schemars(title = "Âges")]
    pub ages: Vec<Age>,
    /// Ce que la prose suggère.
    #[schemars(title = "Déduit")]
    pub inferred: Inferred,
    /// Places dans la source de chaque valeur, par pointeur JSON.
    #[schemars(title = "Preuves")]
    pub evidence: BTreeMap<String, Vec<Evidence>>,
    /// Confiance entre 0 et 1 de chaque valeur, par pointeur JSON.
    #[schemars(title = "Confiance", extend("additionalProperties" = {"type": "number", "minimum": 0, "maximum": 1}))]
    pub confidence: BTreeMap<String, f64>,
    /// Valeurs qui ne viennent pas du texte : `profile`, `inferred` ou `decided` ; ou qu'un programme de l'équipe y a lues : `assist`. Par pointeur JSON.
    #[schemars(title = "Origine", extend("additionalProperties" = {"enum": ["profile", "inferred", "decided", "assist"]}))]
    pub origin: BTreeMap<String, String>,
}

impl Mention {
    /// The text of a field that holds one, by its name in the contract; of a sum or a prize, as it was found.
    pub fn text(&self, field: &str) -> Option<&str> {
        match field {
            "name" => self.name.as_deref(),
            "project" => self.project.as_deref(),
            "territory" => self.territory.as_deref(),
            "region" => self.region.as_deref(),
            "public" => self.public.as_deref(),
            "theme" => self.theme.as_deref(),
            "group" => self.group.as_deref(),
            "call" => self.call.as_deref(),
            "description" => self.description.as_deref(),
            "results" => self.results.as_deref(),
            "needs" => self.needs.as_deref(),
            "objectives" => self.objectives.as_deref(),
            "duration" => self.duration.as_deref(),
            "dates" => self.dates.as_deref(),
            "amount" => self.amount.as_ref().map(|amount| amount.text.as_str()),
            "award" => self.award.as_ref().map(|award| award.text.as_str()),
            _ => None,
        }
    }

    /// Sets such a field to a text, or to nothing; what was worked out of the text before goes with it.
    pub fn set_text(&mut self, field: &str, text: Option<String>) {
        let slot = match field {
            "name" => &mut self.name,
            "project" => &mut self.project,
            "territory" => &mut self.territory,
            "region" => &mut self.region,
            "public" => &mut self.public,
            "theme" => &mut self.theme,
            "group" => &mut self.group,
            "call" => &mut self.call,
            "description" => &mut self.description,
            "results" => &mut self.results,
            "needs" => &mut self.needs,
            "objectives" => &mut self.objectives,
            "duration" => &mut self.duration,
            "dates" => &mut self.dates,
            "amount" => {
                self.amount = text.map(|text| Amount {
                    text,
                    ..Amount::default()
                });
                return;
            }
            "award" => {
                self.award = text.map(|text| Award {
                    text,
                    ..Award::default()
                });
                return;
            }
            _ => return,
        };
        *slot = text;
    }

    /// The least sure value of the two that say who is meant, or of the whole where its confidence is stated: its pointer and its confidence.
    pub fn least_confidence(&self) -> Option<(&str, f64)> {
        ["", "/name", "/project"]
            .into_iter()
            .filter_map(|pointer| Some((pointer, *self.confidence.get(pointer)?)))
            .min_by(|a, b| a.1.total_cmp(&b.1))
    }
}
