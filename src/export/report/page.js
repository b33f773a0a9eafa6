"use strict";
// Everything a document says goes into the page as text, never as markup.
const data = JSON.parse(document.getElementById("data").textContent);
const PAGE = 100;
const WORDS = {
  fr: {
    other: "English", skip: "Aller au contenu", counts: (c) => `${c.laureates} lauréats de ${c.documents} documents`, shown: (n, all) => `Les ${n} premiers de ${all} lauréats sont montrés ; laureates.csv les a tous.`,
    todo: "À vérifier", nothing: "Rien de douteux n’a été noté.", documents: "Documents", laureates: "Lauréats", search: "Chercher", all: "tous", yes: "oui", no: "non",
    doubtful: "Avec un doute", unsure: (n) => `${n} ${n > 1 ? "valeurs peu sûres" : "valeur peu sûre"}`, conflicts: (n) => `${n} ${n > 1 ? "champs où les sources se contredisent" : "champ où les sources se contredisent"}`,
    announced: (a, f) => `annonce ${a}, trouvé ${f}`, failed: "n’a rien donné", rejected: "rejeté", pair: "Une seule organisation ?", found: (n) => `${n} trouvés`, more: "Montrer plus", back: "Retour à la liste",
    results: (n) => `${n} ${n > 1 ? "lauréats" : "lauréat"}`, source: "Dans la source", variants: "Ce que d’autres sources disent", why: "Pourquoi ces mentions sont une", sure: (p) => `sûr à ${p} %`, cut: "… la suite est dans le document",
    page: "page", line: "ligne", cell: "cellule", sheet: "feuille", paragraph: "paragraphe", inferred: "Déduit de la prose", notSame: "contredit", prior: "départ", total: "total", bits: "bits", comparison: "Comparaison", level: "Degré", weight: "Poids",
    correct: "corriger", keep: "garder", cancel: "annuler", corrected: "corrigé", origins: { decided: "décidé", assist: "selon le programme de [assist]" }, empty: "(rien)", not: "Ce n’est pas un lauréat", dropped: "écarté", undo: "revenir", together: "une seule", apart: "deux", missing: "Ajouter une valeur", wrong: "Corriger",
    decisions: (n) => `${n} ${n > 1 ? "décisions" : "décision"}`, download: "Télécharger decisions.csv", forget: "Tout effacer", how: "À poser là où `palmares run` est lancé, ou à ajouter à decisions.csv s’il y est déjà : chaque passage les suit.",
    map: "Carte des lieux", mapped: "Un point est une commune, un cercle une étendue plus grande, en son milieu ; un clic ou Entrée montre ses lauréats, les flèches mènent de l’un à l’autre.", elsewhere: "Hors de la carte :", credits: (outlines) => `Contours simplifiés : ${outlines} ; points : GeoNames, CC BY 4.0.`,
    thresholds: "Où placer le seuil", threshold: "seuil", precision: "précision", recall: "rappel", pairs: "paires", organisations: "organisations", figures: "Les mêmes en chiffres", along: "selon le seuil",
    estimated: (used) => `Deux mentions sont prises pour une seule organisation quand la probabilité qu’elles le soient dépasse le seuil, ${used} ici. Ces courbes sont des estimations du modèle, d’après les probabilités qu’il donne lui-même aux paires : personne ne les a vérifiées. Précision : de ces paires, la part qui seraient bien une seule organisation. Rappel : de toutes les paires comparées qui le seraient, la part retenue ; les mentions qu’aucune clé ne rapproche n’y comptent pas.`,
    tried: "`palmares link mentions.ndjson --threshold 0.9 -o DOSSIER`, par exemple, relie avec un autre seuil.", evidence: "les indices, en bits",
    chart: "Lauréats par", sort: "trier par", none: "Aucun lauréat ne correspond.", field: "Champ", value: "Valeur", where: "Où", sureness: "Confiance", open: "ouvrir",
    fields: { name: "Lauréat", project: "Projet", territory: "Territoire", call: "Appel", group: "Groupe", region: "Région", public: "Public", partners_text: "Partenaires", partners: "Partenaires", results: "Résultats", description: "Description", added_value: "Valeur ajoutée", needs: "Besoins", aid_type: "Type d’aide", quotes: "Témoignages", links: "Liens", contacts: "Contacts", edition: "Édition", keywords: "Mots-clés", public_types: "Types de public", funding: "Financements", amount: "Montant", duration: "Durée", dates: "Dates", objectives: "Objectifs", theme: "Thème", award: "Prix", other: "Autres", document: "Document", place: "Lieu", places: "Lieux", audiences: "Publics visés", figures: "Chiffres" },
  },
  en: {
    other: "Français", skip: "Skip to content", counts: (c) => `${c.laureates} laureates from ${c.documents} documents`, shown: (n, all) => `The first ${n} of ${all} laureates are shown; laureates.csv holds them all.`,
    todo: "To check", nothing: "No doubt was noted.", documents: "Documents", laureates: "Laureates", search: "Search", all: "all", yes: "yes", no: "no",
    doubtful: "With a doubt", unsure: (n) => `${n} doubtful ${n > 1 ? "values" : "value"}`, conflicts: (n) => `${n} ${n > 1 ? "fields" : "field"} on which sources disagree`,
    announced: (a, f) => `announces ${a}, found ${f}`, failed: "gave nothing", rejected: "rejected", pair: "One organisation?", found: (n) => `${n} found`, more: "Show more", back: "Back to the list",
    results: (n) => `${n} ${n > 1 ? "laureates" : "laureate"}`, source: "In the source", variants: "What other sources say", why: "Why these mentions are one", sure: (p) => `${p} % sure`, cut: "… the rest is in the document",
    page: "page", line: "line", cell: "cell", sheet: "sheet", paragraph: "paragraph", inferred: "Inferred from prose", notSame: "contradicts", prior: "prior", total: "total", bits: "bits", comparison: "Comparison", level: "Level", weight: "Weight",
    correct: "correct", keep: "keep", cancel: "cancel", corrected: "corrected", origins: { decided: "decided", assist: "from the program of [assist]" }, empty: "(nothing)", not: "This is no laureate", dropped: "dropped", undo: "undo", together: "one", apart: "two", missing: "Add a value", wrong: "Correct",
    decisions: (n) => `${n} ${n > 1 ? "decisions" : "decision"}`, download: "Download decisions.csv", forget: "Forget all", how: "Put it where `palmares run` is started, or add it to the decisions.csv that is there: every run follows them.",
    map: "Map of places", mapped: "A dot is a commune, a circle something wider, in its middle; a click or Enter shows its laureates, arrows lead from one to another.", elsewhere: "Off the map:", credits: (outlines) => `Outlines, simplified: ${outlines}; points: GeoNames, CC BY 4.0.`,
    thresholds: "Where to put the threshold", threshold: "threshold", precision: "precision", recall: "recall", pairs: "pairs", organisations: "organisations", figures: "The same in figures", along: "along the threshold",
    estimated: (used) => `Two mentions are taken for one organisation where the probability that they are is above the threshold, ${used} here. These curves are estimates of the model, from the probabilities that it gives to the pairs itself: nobody has checked them. Precision: of these pairs, the share that would be one organisation. Recall: of all pairs compared that would be, the share that is taken; mentions that no key brings together do not count.`,
    tried: "`palmares link mentions.ndjson --threshold 0.9 -o FOLDER`, for example, links with another.", evidence: "the evidence, in bits",
    chart: "Laureates by", sort: "sort by", none: "No laureate matches.", field: "Field", value: "Value", where: "Where", sureness: "Confidence", open: "open",
    fields: { name: "Laureate", project: "Project", territory: "Territory", call: "Call", group: "Group", region: "Region", public: "Public", partners_text: "Partners", partners: "Partners", results: "Results", description: "Description", added_value: "Added value", needs: "Needs", aid_type: "Kind of aid", quotes: "Quotes", links: "Links", contacts: "Contacts", edition: "Edition", keywords: "Keywords", public_types: "Kinds of public", funding: "Funding", amount: "Amount", duration: "Duration", dates: "Dates", objectives: "Objectives", theme: "Theme", award: "Award", other: "Other", document: "Document", place: "Place", places: "Places", audiences: "Audiences", figures: "Figures" },
  },
};
let language = navigator.language.startsWith("en") ? "en" : "fr";
let words = WORDS[language];
const main = document.getElementById("main");
const state = { text: "", call: "", region: "", document: "", place: "", doubt: "", sort: "", down: false, shown: PAGE };

const excerpts = new Map(data.excerpts.map((excerpt) => [excerpt.mention, excerpt]));
const paths = new Map(data.documents.map((document) => [document.path, document]));
const byId = new Map(data.laureates.map((laureate) => [laureate.id, laureate]));
const ofMention = new Map();
for (const laureate of data.laureates) {
  for (const source of laureate.sources) ofMention.set(source.mention, laureate);
  laureate.unsure = Object.entries(laureate.confidence).filter(([, sure]) => sure < data.doubtful).map(([pointer]) => pointer);
  laureate.folded = fold([laureate.name, laureate.organisation.name, ...laureate.organisation.aliases, laureate.project, laureate.territory, laureate.call, laureate.region, laureate.description, ...laureate.partners].filter(Boolean).join(" "));
}

function fold(text) { return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase(); }

// An element with attributes and children; text stays text.
function el(name, attributes, ...children) { return furnish(document.createElement(name), attributes, children); }

// The same of a drawing.
function shape(name, attributes, ...children) { return furnish(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children); }

function furnish(element, attributes = {}, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value !== undefined && value !== false) element.setAttribute(key, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null));
  return element;
}

function title(laureate) { return laureate.name || laureate.project || laureate.organisation.name || laureate.id; }

function shown(value) {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(shown).filter(Boolean).join(" · ");
  if (typeof value === "object") return shown(value.text ?? value.name ?? value.label ?? Object.values(value).filter((part) => typeof part === "string"));
  return String(value);
}

// Only what cannot run a script is a link.
function address(path) {
  if (/^[a-z][a-z0-9+.-]*:/i.test(path)) return /^https?:/i.test(path) ? path : undefined;
  if (path === "-") return undefined;
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  return path.startsWith("/") || !data.base ? encoded : data.base + "/" + encoded;
}

function link(path, place, value) {
  const base = address(path);
  const document = paths.get(path) || {};
  let anchor = "";
  if (place && place.page) anchor = "#page=" + place.page;
  else if (value && /html/.test(document.media_type || "")) anchor = "#:~:text=" + encodeURIComponent(value.split("\n")[0].split(" ").slice(0, 8).join(" "));
  return base === undefined ? undefined : base + anchor;
}

function where(place) {
  if (!place) return "";
  if (place.page) return `${words.page} ${place.page}`;
  if (place.cell) return (place.sheet ? `${words.sheet} ${place.sheet}, ` : "") + `${words.cell} ${place.cell}`;
  if (place.paragraph) return `${words.paragraph} ${place.paragraph}`;
  if (place.line) return `${words.line} ${place.line}`;
  return place.selector ? place.selector.split(" > ").slice(-2).join(" > ") : "";
}

function percent(sure) { return Math.round(sure * 100); }

function decimal(value, least, most = least) { return value.toLocaleString(language, { minimumFractionDigits: least, maximumFractionDigits: most }); }

function toLaureate(laureate, text) { return el("a", { href: "#" + laureate.id }, text || title(laureate)); }

// What a person decides here: rows of decisions.csv, kept by the browser until they are forgotten.
const ROW = ["action", "document", "record", "name", "field", "found", "value", "other"];
const SETTABLE = ["name", "project", "territory", "region", "public", "theme", "group", "call", "description", "results", "needs", "objectives", "duration", "dates", "amount", "award"];
const STORE = "palmares-decisions";
const decisions = new Map(stored());

function stored() {
  try { return JSON.parse(localStorage.getItem(STORE)) || []; } catch { return []; }
}

// What no two decisions are about.
function subject(row) {
  if (row.action === "set" || row.action === "drop") return JSON.stringify([row.document, row.record, row.field || ""]);
  return JSON.stringify([row.record, row.other].sort());
}

function decide(row, kept = true) {
  if (kept) decisions.set(subject(row), row);
  else decisions.delete(subject(row));
  try { localStorage.setItem(STORE, JSON.stringify([...decisions])); } catch { /* The page keeps them as long as it is open. */ }
  render();
}

// A cell that a spreadsheet would run is preceded by an apostrophe, as in the tables of a run.
function csv() {
  const inert = (text = "") => /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? "'" + text : text;
  const cell = (text) => /[",\n\r]/.test(inert(text)) ? `"${inert(text).replaceAll('"', '""')}"` : inert(text);
  return "\ufeff" + [ROW, ...[...decisions.values()].map((row) => ROW.map((column) => row[column]))].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

function download() {
  const href = URL.createObjectURL(new Blob([csv()], { type: "text/csv" }));
  el("a", { href, download: "decisions.csv" }).click();
  setTimeout(() => URL.revokeObjectURL(href), 1000);
}

function footer() {
  const place = document.getElementById("decisions");
  place.hidden = !decisions.size;
  place.replaceChildren(el("strong", { role: "status" }, words.decisions(decisions.size)), " ", el("button", { type: "button", id: "download", click: download }, words.download), " ",
    el("button", { type: "button", click: () => { decisions.clear(); decide({ action: "drop" }, false); } }, words.forget), el("span", { class: "soft" }, " " + words.how));
}

// A value with what a person can do about it.
function editable(laureate, source, mention, field, text) {
  const row = { action: "set", document: source.document, record: mention, name: title(laureate), field, found: text };
  const before = decisions.get(subject(row));
  const cell = el("div", { class: "editable" });
  const show = () => cell.replaceChildren(before ? el("span", {}, before.value || words.empty, " ", el("span", { class: "doubt" }, words.corrected)) : text, " ",
    el("button", { type: "button", class: "small", "aria-label": `${words.correct} ${label("/" + field)}`, click: edit }, words.correct),
    before ? el("button", { type: "button", class: "small", click: () => decide(row, false) }, words.undo) : "");
  const edit = () => {
    const input = el("textarea", { rows: text.length > 80 ? 4 : 1, "aria-label": label("/" + field), keydown: (event) => { if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); keep(); } if (event.key === "Escape") show(); } });
    input.value = before ? before.value : text;
    const keep = () => { const value = input.value.trim(); decide({ ...row, value }, value !== text); };
    cell.replaceChildren(input, " ", el("button", { type: "button", click: keep }, words.keep), " ", el("button", { type: "button", click: show }, words.cancel));
    input.focus();
  };
  show();
  return cell;
}

// What is not said of a laureate, to be added; and that it is none.
function corrections(laureate) {
  const absent = SETTABLE.filter((field) => words.fields[field] && (laureate[field] === null || laureate[field] === undefined));
  const choice = el("select", { "aria-label": words.missing }, el("option", { value: "" }, words.missing), absent.map((field) => el("option", { value: field }, words.fields[field])));
  const place = el("div", {});
  const source = laureate.sources[0];
  choice.addEventListener("change", () => {
    if (!choice.value) return place.replaceChildren();
    place.replaceChildren(editable(laureate, source, source.mention, choice.value, ""));
    place.querySelector("button").click();
  });
  const drops = laureate.sources.map((source) => ({ action: "drop", document: source.document, record: source.mention, name: title(laureate) }));
  const isDropped = drops.every((row) => decisions.has(subject(row)));
  const added = absent.map((field) => ({ field, row: decisions.get(subject({ action: "set", document: source.document, record: source.mention, field })) })).filter(({ row }) => row);
  return [el("h2", {}, words.wrong), ...added.map(({ field }) => el("p", {}, el("strong", {}, words.fields[field]), editable(laureate, source, source.mention, field, ""))), el("p", {}, choice, " ",
    el("button", { type: "button", "aria-pressed": isDropped ? "true" : "false", click: () => drops.forEach((row) => decide(row, !isDropped)) }, isDropped ? `${words.dropped} – ${words.undo}` : words.not)), place];
}

// Two buttons on whether two mentions are one laureate.
function choose(a, b) {
  const button = (action, text) => {
    const row = { action, record: a, other: b, name: title(ofMention.get(a)) };
    const is = decisions.get(subject(row))?.action === action;
    return el("button", { type: "button", class: "small", "aria-pressed": is ? "true" : "false", click: () => decide(row, !is) }, text);
  };
  return [" ", button("together", words.together), " ", button("apart", words.apart)];
}

function render() {
  words = WORDS[language];
  footer();
  document.documentElement.lang = language;
  document.querySelector(".skip").textContent = words.skip;
  document.getElementById("counts").textContent = words.counts(data.counts);
  const button = document.getElementById("language");
  button.textContent = words.other;
  button.lang = language === "fr" ? "en" : "fr";
  const laureate = byId.get(location.hash.slice(1));
  main.replaceChildren(...(laureate ? detail(laureate) : overview()));
  document.title = laureate ? `${title(laureate)} – Palmarès` : "Palmarès";
  if (!laureate) list();
}

function overview() {
  return [tasks(), documents(), charts(), map(), thresholds(), browser()].flat();
}

// What needs a person, first.
function tasks() {
  const items = [];
  for (const document of data.documents) {
    const name = el("strong", {}, document.path);
    if (document.error) items.push([name, ` ${words.failed} : `, el("span", { class: "bad" }, document.error)]);
    if (document.announced && document.announced !== document.found) items.push([name, " " + words.announced(document.announced, document.found)]);
    for (const remark of document.warnings) if (remark.severity !== "note") items.push([name, remark.page ? ` (${words.page} ${remark.page})` : "", " : ", remark.message, remark.hint ? el("span", { class: "soft" }, ` ${remark.hint}`) : ""]);
  }
  for (const reject of data.rejects) if (reject.kind !== "document") items.push([el("strong", {}, reject.document || reject.kind), ` ${words.rejected} : `, reject.reasons.map((reason) => [reason.pointer, reason.message].filter(Boolean).join(" ")).join(" ; ")]);
  for (const laureate of data.laureates) {
    if (laureate.unsure.length) items.push([toLaureate(laureate), " ", el("span", { class: "doubt" }, words.unsure(laureate.unsure.length)), " " + [...new Set(laureate.unsure.map(label))].join(", ")]);
    if (laureate.conflicts) items.push([toLaureate(laureate), " ", el("span", { class: "doubt" }, words.conflicts(laureate.conflicts))]);
  }
  // Two laureates may have been compared by several of their mentions.
  const compared = new Set();
  for (const pair of data.uncertain) {
    const [a, b] = [ofMention.get(pair.a), ofMention.get(pair.b)];
    const both = a && b && [a.id, b.id].sort().join(" ");
    if (!both || compared.has(both)) continue;
    compared.add(both);
    items.push([words.pair + " ", toLaureate(a), " – ", toLaureate(b), ` (${percent(pair.organisation.probability)} %)`, choose(pair.a, pair.b), el("details", {}, el("summary", { class: "soft" }, words.evidence), waterfall(pair.organisation))]);
  }
  const section = el("section", { "aria-labelledby": "todo" }, el("h2", { id: "todo" }, `${words.todo} (${items.length})`));
  if (!items.length) section.append(el("p", { class: "soft" }, words.nothing));
  const ul = el("ul", { class: "tasks" });
  let next = 0;
  const more = el("button", { type: "button", class: "more", click: () => add() }, words.more);
  const add = () => {
    for (const item of items.slice(next, next + 20)) ul.append(el("li", {}, item));
    next += 20;
    more.hidden = next >= items.length;
  };
  add();
  section.append(ul, more);
  return section;
}

function documents() {
  const rows = data.documents.map((document) => {
    const href = link(document.path);
    return el("tr", {},
      el("th", { scope: "row" }, href ? el("a", { href }, document.path) : document.path, document.title ? el("div", { class: "soft" }, document.title) : ""),
      el("td", { class: "number" }, document.error ? el("span", { class: "bad" }, words.failed) : words.found(document.found)),
      el("td", { class: "number" }, document.pages ? `${document.pages} ${words.page}${document.pages > 1 ? "s" : ""}` : ""));
  });
  return el("section", { "aria-labelledby": "documents" }, el("h2", { id: "documents" }, `${words.documents} (${data.documents.length})`), el("div", { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": "documents" }, el("table", {}, el("tbody", {}, rows))));
}

// A place among others of its name; nothing where it is not known which one it is.
function known(place) { return place.code ? `${place.name || place.text} (${place.code})` : undefined; }

const SEVERAL = { document: (laureate) => laureate.sources.map((source) => source.document), place: (laureate) => laureate.places.map(known) };

function counts(field) {
  const tally = new Map();
  for (const laureate of data.laureates) for (const value of field in SEVERAL ? new Set(SEVERAL[field](laureate)) : [laureate[field]]) if (value) tally.set(value, (tally.get(value) || 0) + 1);
  return [...tally].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
}

function charts() {
  return ["call", "region"].map((field) => [field, counts(field).slice(0, 12)]).filter(([, bars]) => bars.length > 1).map(([field, bars]) =>
    el("section", { "aria-labelledby": "chart-" + field }, el("h2", { id: "chart-" + field }, `${words.chart} ${words.fields[field].toLowerCase()}`),
      el("div", { class: "bars" }, bars.flatMap(([value, n]) => [el("span", {}, value), el("span", {}, el("meter", { min: 0, max: bars[0][1], value: n, "aria-label": `${value} : ${n}` }), " " + n)]))));
}

// The places that have a point, over outlines in Mercator's projection; the larger the more laureates, and the smallest on top.
const TOWNS = ["commune", "commune_deleguee", "arrondissement_municipal"];
const MOST_ELSEWHERE = 50;
const STEPS = { ArrowRight: "nextElementSibling", ArrowDown: "nextElementSibling", ArrowLeft: "previousElementSibling", ArrowUp: "previousElementSibling" };

// One of hundreds of dots is reached by the tabulator, the others by arrows.
function walk(event) {
  const next = event.currentTarget[STEPS[event.key]];
  if (next?.getAttribute("role") !== "button") return;
  event.preventDefault();
  event.currentTarget.setAttribute("tabindex", -1);
  next.setAttribute("tabindex", 0);
  next.focus();
}

function map() {
  if (!data.map) return [];
  const { width, height, scale, x, y } = data.map;
  const places = new Map(data.laureates.flatMap((laureate) => laureate.places.map((place) => [known(place), place])));
  const at = ([longitude, latitude]) => [x + scale * longitude, y - scale * 180 / Math.PI * Math.log(Math.tan(Math.PI / 4 + latitude * Math.PI / 360))];
  const inside = ([across, down]) => across >= 0 && across <= width && down >= 0 && down <= height;
  const dots = [], elsewhere = [];
  for (const [value, n] of counts("place")) {
    const place = places.get(value);
    const center = place.point && at(place.point);
    const pick = () => { state.place = state.place === value ? "" : value; state.shown = PAGE; list(); };
    const said = `${value} – ${words.results(n)}`;
    if (!center || !inside(center)) elsewhere.push(" ", el("button", { type: "button", class: "small", "data-place": value, "aria-label": said, click: pick }, `${value} : ${n}`));
    else dots.push(shape("circle", { cx: center[0].toFixed(), cy: center[1].toFixed(), r: Math.min(70, 3 + 9 * Math.sqrt(n)).toFixed(), class: TOWNS.includes(place.kind) ? "town" : undefined, role: "button", tabindex: dots.length ? -1 : 0, "data-place": value, "aria-label": said,
      click: pick, keydown: (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); pick(); } else walk(event); } }, shape("title", {}, said)));
  }
  return el("section", { "aria-labelledby": "map" }, el("h2", { id: "map" }, words.map), el("p", { class: "soft" }, words.mapped),
    shape("svg", { class: "map", viewBox: `0 0 ${width} ${height}`, role: "toolbar", "aria-labelledby": "map" }, shape("path", { d: data.map.path }), dots),
    elsewhere.length ? el("p", { class: "elsewhere" }, words.elsewhere, elsewhere.slice(0, 2 * MOST_ELSEWHERE)) : "",
    el("p", { class: "soft" }, words.credits(data.map.credit)));
}

// What thresholds would give: shares on the left, organisations on the right, both along the odds, on which 0.99 and 0.999 are as far apart as they matter.
const PANEL = { width: 360, height: 230, left: 58, right: 16, top: 40, bottom: 40 };
const TICKS = [0.1, 0.5, 0.9, 0.99, 0.999];

function thresholds() {
  const all = data.thresholds;
  if (!all.length) return [];
  const used = all.find((at) => at.is_used);
  // What is nearly all is not said to be all.
  const share = (value) => value === null ? "–" : `${decimal(value < 1 ? Math.min(99.9, 100 * value) : 100, 1)} %`;
  const lowest = Math.min(0.8, ...all.flatMap((at) => [at.precision ?? 1, at.recall]));
  const floor = Math.floor(lowest * 5) / 5;
  const counts = all.map((at) => at.organisations);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  const heads = [words.threshold, words.pairs, words.precision, words.recall, words.organisations];
  const rows = all.map((at) => el("tr", { class: at.is_used ? "used" : undefined }, el("th", { scope: "row", class: "number" }, decimal(at.threshold, 0, 3), at.is_used ? " ◂" : ""),
    [at.pairs, share(at.precision), share(at.recall), at.organisations].map((value) => el("td", { class: "number" }, String(value)))));
  return el("section", { "aria-labelledby": "thresholds" }, el("h2", { id: "thresholds" }, words.thresholds), el("p", { class: "soft" }, words.estimated(decimal(used.threshold, 0, 3))),
    el("div", { class: "panels" }, panel("shares", all, used, [["precision", share], ["recall", share]], [floor, (floor + 1) / 2, 1], (level) => `${decimal(100 * level, 0)} %`),
      panel("organisations", all, used, [["organisations", String]], fewest === most ? [fewest] : [fewest, most], String)),
    el("details", {}, el("summary", {}, words.figures), el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": words.thresholds }, el("table", { class: "thresholds" }, el("thead", {}, el("tr", {}, heads.map((head) => el("th", { scope: "col", class: "number" }, head)))), el("tbody", {}, rows)))),
    el("p", { class: "soft" }, words.tried));
}

function panel(name, all, used, series, levels, marked) {
  const { width, height, left, right, top, bottom } = PANEL;
  const odds = (threshold) => Math.log2(threshold / (1 - threshold));
  const [first, last] = [all[0], all[all.length - 1]].map((at) => odds(at.threshold));
  const x = (threshold) => left + (width - left - right) * (odds(threshold) - first) / (last - first);
  // What is the same everywhere is drawn half way up.
  const [low, high] = levels.length > 1 ? [levels[0], levels[levels.length - 1]] : [levels[0] - 1, levels[0] + 1];
  const y = (value) => top + (height - top - bottom) * (high - value) / (high - low);
  const text = (content, attributes) => shape("text", attributes, content);
  const line = ([field, format], n) => {
    const known = all.filter((at) => at[field] !== null).map((at) => [x(at.threshold).toFixed(1), y(at[field]).toFixed(1), `${words[field]} : ${decimal(at.threshold, 0, 3)} → ${format(at[field])}`]);
    const mark = ([cx, cy, said]) => n ? shape("rect", { x: cx - 3, y: cy - 3, width: 6, height: 6 }, shape("title", {}, said)) : shape("circle", { cx, cy, r: 3.5 }, shape("title", {}, said));
    const start = left + 158 * n;
    return shape("g", { class: n ? "second" : "first" }, shape("path", { d: "M" + known.map(([cx, cy]) => `${cx} ${cy}`).join("L") }), known.map(mark),
      shape("path", { d: `M${start} 11h22` }), mark([start + 11, 11, words[field]]), text(`${words[field]} : ${format(used[field])}`, { x: start + 28, y: 15 }));
  };
  const said = `${series.map(([field]) => words[field]).join(", ")} ${words.along}`;
  const told = all.map((at) => `${decimal(at.threshold, 0, 3)} : ${series.map(([field, format]) => `${words[field]} ${format(at[field])}`).join(", ")}`).join(" ; ");
  const at = x(used.threshold);
  return shape("svg", { class: "panel", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-labelledby": `${name}-title`, "aria-describedby": `${name}-told` }, shape("title", { id: `${name}-title` }, said), shape("desc", { id: `${name}-told` }, told),
    levels.map((level) => [shape("path", { class: "grid", d: `M${left} ${y(level)}H${width - right}` }), text(marked(level), { x: left - 6, y: y(level) + 4, "text-anchor": "end" })]),
    TICKS.filter((tick) => odds(tick) >= first && odds(tick) <= last).map((tick) => text(decimal(tick, 0, 3), { x: x(tick), y: height - bottom + 18, "text-anchor": tick === TICKS[TICKS.length - 1] ? "end" : "middle" })),
    text(words.threshold, { x: (left + width - right) / 2, y: height - 4, "text-anchor": "middle" }),
    shape("path", { class: "used", d: `M${at} ${top - 10}V${height - bottom}` }), text(`${words.threshold} ${decimal(used.threshold, 0, 3)}`, { x: at + 4, y: top - 4 }),
    series.map(line));
}

function browser() {
  const select = (key, values) => el("label", {}, words.fields[key] || words.doubtful,
    el("select", { id: "filter-" + key, change: (event) => { state[key] = event.target.value; state.shown = PAGE; list(); } },
      el("option", { value: "" }, words.all), values.map(([value, text]) => el("option", { value, selected: state[key] === value }, text))));
  const facet = (key) => { const values = counts(key); return values.length > 1 ? select(key, values.map(([value, n]) => [value, `${value} (${n})`])) : undefined; };
  return el("section", { "aria-labelledby": "laureates" }, el("h2", { id: "laureates" }, words.laureates),
    data.laureates.length < data.counts.laureates ? el("p", {}, words.shown(data.laureates.length, data.counts.laureates)) : "",
    el("div", { class: "filters", role: "search" },
      el("label", { class: "wide" }, words.search, el("input", { type: "search", id: "search", value: state.text, input: (event) => { state.text = event.target.value; state.shown = PAGE; list(); } })),
      facet("call"), facet("region"), facet("place"), facet("document"), select("doubt", [["yes", words.yes], ["no", words.no]])),
    el("p", { id: "results", class: "soft", "aria-live": "polite" }),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": "laureates" }, el("table", { id: "list" })),
    el("button", { type: "button", class: "more", id: "more", click: () => { state.shown += PAGE; list(); } }, words.more));
}

function matches(laureate, wanted) {
  return wanted.every((word) => laureate.folded.includes(word))
    && (!state.call || laureate.call === state.call)
    && (!state.region || laureate.region === state.region)
    && (!state.place || laureate.places.some((place) => known(place) === state.place))
    && (!state.document || laureate.sources.some((source) => source.document === state.document))
    && (!state.doubt || (state.doubt === "yes") === (laureate.unsure.length + laureate.conflicts > 0));
}

const COLUMNS = ["name", "project", "territory", "amount", "call"];

function key(laureate, column) {
  return column === "amount" ? laureate.amount?.value ?? null : fold(shown(laureate[column]));
}

function list() {
  const wanted = fold(state.text).split(/\s+/).filter(Boolean);
  const found = data.laureates.filter((laureate) => matches(laureate, wanted));
  if (state.sort) {
    const order = state.down ? -1 : 1;
    found.sort((a, b) => {
      const [x, y] = [key(a, state.sort), key(b, state.sort)];
      if (x === y) return 0;
      if (x === null || x === "") return 1;
      if (y === null || y === "") return -1;
      return (x < y ? -1 : 1) * order;
    });
  }
  const chosen = document.getElementById("filter-place");
  if (chosen) chosen.value = state.place;
  for (const place of document.querySelectorAll("[data-place]")) place.setAttribute("aria-pressed", place.dataset.place === state.place);
  document.getElementById("results").textContent = found.length ? words.results(found.length) : words.none;
  const head = el("tr", {}, COLUMNS.map((column) => el("th", { scope: "col", class: column === "amount" ? "number" : undefined, "aria-sort": state.sort === column ? (state.down ? "descending" : "ascending") : undefined },
    el("button", { type: "button", "data-sort": column, title: `${words.sort} ${words.fields[column].toLowerCase()}`, click: () => { state.down = state.sort === column && !state.down; state.sort = column; list(); document.querySelector(`[data-sort=${column}]`).focus(); } }, words.fields[column]))));
  const cell = (laureate, column) => el(column === "name" ? "th" : "td", { scope: column === "name" ? "row" : undefined, class: column === "amount" ? "number" : undefined },
    el("span", { class: laureate.unsure.some((pointer) => pointer.split("/")[1] === column) ? "doubt" : undefined }, column === "name" ? toLaureate(laureate) : shown(laureate[column])));
  document.getElementById("list").replaceChildren(el("thead", {}, head), el("tbody", {}, found.slice(0, state.shown).map((laureate) => el("tr", {}, COLUMNS.map((column) => cell(laureate, column))))));
  document.getElementById("more").hidden = found.length <= state.shown;
}

function label(pointer) {
  const [, field, part] = pointer.split("/");
  return field === "other" ? part.replaceAll("~1", "/").replaceAll("~0", "~") : words.fields[field] || field;
}

// All values of a laureate with their pointers.
function values(laureate) {
  const found = [];
  for (const field of Object.keys(words.fields)) {
    const value = laureate[field];
    if (value === null || value === undefined || field === "partners_text" && laureate.partners.length) continue;
    if (Array.isArray(value)) value.forEach((part, n) => found.push([`/${field}/${n}`, part]));
    else if (field === "other") for (const [name, text] of Object.entries(value)) found.push([`/other/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`, text]);
    else found.push(["/" + field, value]);
  }
  return found;
}

// What is known of a pointer, or of the nearest that holds it or is held by it.
function lookup(map, pointer) {
  return map[pointer] ?? map[pointer + "/text"] ?? map[pointer.split("/").slice(0, 2).join("/")] ?? Object.entries(map).find(([known]) => known.startsWith(pointer + "/"))?.[1];
}

function detail(laureate) {
  const all = values(laureate);
  const settable = SETTABLE.map((field) => "/" + field);
  const rows = all.map(([pointer, value], at) => {
    const mention = lookup(laureate.provenance, pointer) || laureate.sources[0].mention;
    const source = laureate.sources.find((source) => source.mention === mention) || laureate.sources[0];
    const place = lookup(excerpts.get(mention)?.places || {}, pointer);
    const sure = lookup(laureate.confidence, pointer);
    const href = link(source.document, place, shown(value));
    // The values of one field share its head.
    const field = (at) => all[at]?.[0].split("/")[1];
    const fresh = pointer.startsWith("/other/") || field(at) !== field(at - 1);
    let n = 1;
    while (fresh && !pointer.startsWith("/other/") && field(at + n) === field(at)) n += 1;
    const whose = words.origins[lookup(laureate.origin, pointer)];
    return el("tr", {}, fresh ? el("th", { scope: n > 1 ? "rowgroup" : "row", rowspan: n > 1 ? n : undefined }, label(pointer)) : undefined, el("td", {}, settable.includes(pointer) ? editable(laureate, source, mention, pointer.slice(1), typeof value === "string" ? value : value.text) : shown(value), whose ? [" ", el("span", { class: "soft" }, whose)] : ""),
      el("td", { class: "soft" }, href ? el("a", { href, "aria-label": `${words.open} ${source.document}, ${where(place)}` }, where(place) || source.document) : where(place), crop(mention, source.document, pointer)),
      el("td", { class: "number" }, sure === undefined ? "" : el("span", { class: sure < data.doubtful ? "doubt" : undefined }, `${percent(sure)} %`)));
  });
  const table = el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title(laureate) }, el("table", {},
    el("thead", {}, el("tr", {}, [words.field, words.value, words.where].map((head) => el("th", { scope: "col" }, head)), el("th", { scope: "col", class: "number" }, words.sureness))), el("tbody", {}, rows)));
  const back = () => el("p", {}, el("a", { href: "#" }, "← " + words.back));
  return [back(), el("h2", {}, title(laureate)), table, corrections(laureate), inferred(laureate), sources(laureate), variants(laureate), whys(laureate), back()].flat().filter(Boolean);
}

// Points around the words of a value that are shown of its page.
const AROUND = 14;

// The picture of the page that a value was read from, cut to its words, each marked where it stands.
function crop(mention, path, pointer) {
  const pieces = data.pages && lookup(data.pages.places[mention] || {}, pointer);
  const page = pieces?.[0]?.[0];
  const picture = data.pages?.pictures[path]?.[page];
  if (!picture) return undefined;
  const boxes = pieces.filter(([other]) => other === page).map(([, box]) => box);
  const [width, height] = picture.size;
  const bound = (edge, pick, around, most) => Math.min(most, Math.max(0, pick(...boxes.map((box) => box[edge])) + around));
  const [x0, y0] = [bound(0, Math.min, -AROUND, width), bound(1, Math.min, -AROUND, height)];
  const [x1, y1] = [bound(2, Math.max, AROUND, width), bound(3, Math.max, AROUND, height)];
  if (x1 <= x0 || y1 <= y0) return undefined;
  const [across, down] = [(points) => `${100 * points / (x1 - x0)}%`, (points) => `${100 * points / (y1 - y0)}%`];
  const image = el("img", { src: `${data.pages.folder}/${picture.file}`, loading: "lazy", alt: `${words.page} ${page}, ${path}` });
  Object.assign(image.style, { left: across(-x0), top: down(-y0), width: across(width), height: down(height) });
  const marks = boxes.map((box) => {
    const mark = el("i", {});
    Object.assign(mark.style, { left: across(box[0] - x0), top: down(box[1] - y0), width: across(box[2] - box[0]), height: down(box[3] - box[1]) });
    return mark;
  });
  const element = el("div", { class: "crop" }, image, marks);
  Object.assign(element.style, { aspectRatio: `${x1 - x0} / ${y1 - y0}`, width: `${1.3 * (x1 - x0)}px` });
  return element;
}

// What prose suggests, apart from what is stated.
function inferred(laureate) {
  const said = Object.entries(laureate.inferred).filter(([, all]) => all.length);
  if (!said.length) return [];
  return [el("h2", {}, words.inferred), el("ul", {}, said.map(([field, all]) => el("li", {}, `${words.fields[field]} : ${[...new Set(all.map((part) => part.value && typeof part.value === "string" ? part.value : part.text))].join(", ")}`)))];
}

function sources(laureate) {
  return [el("h2", {}, words.source), ...laureate.sources.map((source) => {
    const excerpt = excerpts.get(source.mention);
    const place = excerpt && lookup(excerpt.places, "/name") || excerpt && lookup(excerpt.places, "/project");
    const href = link(source.document, place, laureate.name || laureate.project);
    const run = (run) => run.field ? el("mark", {}, run.text, el("small", {}, label("/" + run.field))) : run.text;
    return el("article", {}, el("h3", {}, href ? el("a", { href }, source.document) : source.document, " ", el("span", { class: "soft" }, where(place))),
      excerpt ? el("blockquote", {}, excerpt.lines.map((line) => el("p", {}, line.map(run))), excerpt.is_cut ? el("p", { class: "soft" }, words.cut) : "") : "");
  })];
}

function variants(laureate) {
  const entries = Object.entries(laureate.variants);
  if (!entries.length) return [];
  return [el("h2", {}, words.variants), el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": words.variants }, el("table", {}, el("tbody", {}, entries.flatMap(([pointer, all]) => all.map((variant) => el("tr", {}, el("th", { scope: "row" }, label(pointer)),
    el("td", {}, shown(variant.value), variant.conflict ? [" ", el("span", { class: "doubt" }, words.notSame)] : ""),
    el("td", { class: "soft" }, variant.mentions.map((mention) => laureate.sources.find((source) => source.mention === mention)?.document || mention).join(", ")))))))) ];
}

// Why mentions were linked: what each comparison contributed, and their sum.
function whys(laureate) {
  const own = new Set(laureate.sources.map((source) => source.mention));
  const pairs = data.links.filter((pair) => own.has(pair.a) && own.has(pair.b));
  if (!pairs.length) return [];
  const document = (mention) => laureate.sources.find((source) => source.mention === mention).document;
  return [el("h2", {}, words.why), ...pairs.map((pair) => el("details", {}, el("summary", {}, `${document(pair.a)} – ${document(pair.b)} : ${words.sure(percent(pair.organisation.probability))}`), el("p", {}, choose(pair.a, pair.b)), waterfall(pair.organisation)))];
}

// Each weight begins where those above it led; the last is where all lead from nothing.
function waterfall({ prior, contributions, weight }) {
  const steps = [["", words.prior, prior, 0]];
  let sum = prior;
  for (const part of contributions) {
    steps.push([words.fields[part.comparison] || part.comparison, part.level, part.weight, sum]);
    sum += part.weight;
  }
  steps.push(["", words.total, weight, 0]);
  const ends = steps.flatMap(([, , bits, from]) => [from, from + bits]);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const at = (bits) => 100 * (bits - low) / (high - low || 1);
  const bar = (bits, from, isTotal) => shape("svg", { class: "step", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" },
    shape("rect", { class: isTotal ? "total" : bits < 0 ? "against" : "for", x: at(Math.min(from, from + bits)).toFixed(2), y: 1, width: Math.max(0.6, at(from + Math.abs(bits)) - at(from)).toFixed(2), height: 8 }),
    shape("path", { d: `M${at(0).toFixed(2)} 0V10` }));
  return el("table", { class: "waterfall" }, el("thead", {}, el("tr", {}, [words.comparison, words.level].map((head) => el("th", { scope: "col" }, head)), el("th", { scope: "col", class: "number" }, `${words.weight} (${words.bits})`))),
    el("tbody", {}, steps.map(([name, level, bits, from], n) => el("tr", {}, el("td", {}, name), el("td", {}, level), el("td", { class: "number" }, bar(bits, from, n === steps.length - 1), el("span", {}, decimal(bits, 1)))))));
}

let scrolled = 0;
window.addEventListener("hashchange", (event) => {
  const leaves = new URL(event.oldURL).hash.length < 2;
  if (leaves) scrolled = window.scrollY;
  render();
  if (location.hash.length < 2) window.scrollTo(0, scrolled);
  else { window.scrollTo(0, 0); main.focus({ preventScroll: true }); }
});
document.getElementById("language").addEventListener("click", () => { language = language === "fr" ? "en" : "fr"; render(); });
render();
