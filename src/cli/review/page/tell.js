// What the page says, in French and English.
const WORDS = {
  fr: {
    other: "English", skip: "Aller au contenu", left: (n, all) => n ? `${n} à vérifier sur ${all}` : all ? `Tout est vérifié (${all})` : "Rien de douteux", table: (path, n) => `${n} ${n > 1 ? "décisions" : "décision"} dans ${path}, que palmares run suit`,
    queue: "Liste", doubts: "À vérifier", records: "Fiches", documents: "Documents", search: "Chercher un nom", nothing: "Rien de douteux : « Fiches » les montre toutes.", further: (n) => `… et ${n} de plus`,
    value: (field) => `${field} peu sûr`, conflict: (field) => `${field} : les sources se contredisent`, pair: "Un seul lauréat ?", announces: (a, f) => `annonce ${a}, trouvé ${f}`, found: (n) => `${n} ${n > 1 ? "trouvés" : "trouvé"}`,
    field: "Champ", said: "Valeur", sureness: "Confiance", decided: "décidé", dropped: "Écarté : ce n’est pas un lauréat", added: "Ajouté : le prochain passage de palmares run le lira", empty: "–", edit: (field) => `Saisir ${field}`, keep: "garder", cancel: "annuler",
    sources: (n) => `Un lauréat de ${n} fiches`, openRecord: "ouvrir", decisions: "Décisions sur cette fiche", back: "revenir dessus", inSource: "voir dans la source", why: "Ce qui les rapproche et les sépare", chance: (p, isOne) => `Une seule organisation à ${p} % ; ${isOne ? "un seul lauréat" : "deux lauréats"} pour l’instant`, bits: "bits",
    none: "(rien)", document: "Document", choose: "Choisissez une fiche.",
    source: "Source", page: (n, all) => `page ${n} sur ${all}`, changed: "Le document a changé depuis le passage : relancez palmares run.", reading: "Lecture…", earlier: "Montrer ce qui précède", later: "Montrer la suite", pictureOf: (n, path) => `Page ${n} de ${path}`,
    pick: "Cliquez le premier et le dernier mot d’une valeur (ou les flèches, avec Maj pour étendre).", picked: (text, field) => `« ${text} » → ${field}`, lesson: (field) => `Apprendre la mise en page : cliquez ${field} d’un lauréat, puis Entrée.`, lessonNext: (field) => `Apprendre la mise en page : cliquez ${field} du même lauréat, puis Entrée (sans rien choisir : il n’y en a pas).`,
    learnt: (n, file) => `${n} ${n > 1 ? "fiches seraient lues" : "fiche serait lue"} ainsi. Profil écrit dans ${file} : palmares run le suivra.`, undone: "Revenu en arrière.", done: "Noté.", same: "C’est déjà décidé ainsi.", wait: "Choisissez d’abord des mots dans la source.",
    keys: { accept: "juste", all: "toute la fiche est juste", set: "prendre les mots", edit: "saisir", drop: "pas un lauréat", add: "ajouter un lauréat de ce nom", addProject: "ajouter un projet sans nom", together: "un seul", apart: "deux", split: "séparer du lauréat", prefer: "la source n", undo: "annuler", next: "suivant", before: "précédent", nextField: "champ suivant", turn: "pages", teach: "apprendre la mise en page", cancel: "renoncer" },
    fields: { name: "Lauréat", project: "Projet", territory: "Territoire", region: "Région", public: "Public", theme: "Thème", group: "Groupe", call: "Appel", description: "Description", results: "Résultats", needs: "Besoins", objectives: "Objectifs", duration: "Durée", dates: "Dates", amount: "Montant", award: "Prix" },
    the: { name: "le nom", project: "le projet", territory: "le territoire" },
    acts: { set: "corrigé", drop: "écarté", add: "ajouté", together: "réuni avec", apart: "séparé de" },
  },
  en: {
    other: "Français", skip: "Skip to content", left: (n, all) => n ? `${n} to check of ${all}` : all ? `All is checked (${all})` : "Nothing is doubtful", table: (path, n) => `${n} ${n > 1 ? "decisions" : "decision"} in ${path}, which palmares run follows`,
    queue: "List", doubts: "To check", records: "Records", documents: "Documents", search: "Search a name", nothing: "Nothing is doubtful: “Records” shows them all.", further: (n) => `… and ${n} more`,
    value: (field) => `${field} is doubtful`, conflict: (field) => `${field}: sources disagree`, pair: "One laureate?", announces: (a, f) => `announces ${a}, found ${f}`, found: (n) => `${n} found`,
    field: "Field", said: "Value", sureness: "Confidence", decided: "decided", dropped: "Dropped: it is no laureate", added: "Added: the next palmares run will read it", empty: "–", edit: (field) => `Type ${field}`, keep: "keep", cancel: "cancel",
    sources: (n) => `A laureate of ${n} records`, openRecord: "open", decisions: "Decisions on this record", back: "take back", inSource: "see in the source", why: "What speaks for and against", chance: (p, isOne) => `One organisation at ${p} %; ${isOne ? "one laureate" : "two laureates"} for now`, bits: "bits",
    none: "(nothing)", document: "Document", choose: "Choose a record.",
    source: "Source", page: (n, all) => `page ${n} of ${all}`, changed: "The document has changed since the run: run palmares run again.", reading: "Reading…", earlier: "Show what is before", later: "Show what follows", pictureOf: (n, path) => `Page ${n} of ${path}`,
    pick: "Click the first and the last word of a value (or use the arrows, with Shift to extend).", picked: (text, field) => `“${text}” → ${field}`, lesson: (field) => `Teach the layout: click ${field} of one laureate, then Enter.`, lessonNext: (field) => `Teach the layout: click ${field} of the same laureate, then Enter (with nothing chosen: there is none).`,
    learnt: (n, file) => `${n} ${n > 1 ? "records" : "record"} would be read so. Profile written to ${file}: palmares run will follow it.`, undone: "Undone.", done: "Noted.", same: "It is decided so already.", wait: "Choose words in the source first.",
    keys: { accept: "right", all: "the whole record is right", set: "take the words", edit: "type", drop: "no laureate", add: "add a laureate of this name", addProject: "add a project without name", together: "one", apart: "two", split: "split off its laureate", prefer: "source n", undo: "undo", next: "next", before: "previous", nextField: "next field", turn: "pages", teach: "teach the layout", cancel: "give up" },
    fields: { name: "Laureate", project: "Project", territory: "Territory", region: "Region", public: "Public", theme: "Theme", group: "Group", call: "Call", description: "Description", results: "Results", needs: "Needs", objectives: "Objectives", duration: "Duration", dates: "Dates", amount: "Amount", award: "Award" },
    the: { name: "the name", project: "the project", territory: "the territory" },
    acts: { set: "corrected", drop: "dropped", add: "added", together: "merged with", apart: "parted from" },
  },
};

let language = navigator.language.startsWith("en") ? "en" : "fr";

export function words() { return WORDS[language]; }

export function lang() { return language; }

// As the server calls it.
export function spoken() { return language === "fr" ? "French" : "English"; }

export function switchLanguage() { language = language === "fr" ? "en" : "fr"; }

export function label(field) { return words().fields[field] || field; }
