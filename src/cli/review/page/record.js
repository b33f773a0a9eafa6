// What stands in the middle: a record with its values, a pair, sources that disagree, a document.
import { el } from "./dom.js";
import { label, words } from "./tell.js";

export function title(mention) { return mention.name || mention.project || mention.id; }

export function pointer(field) { return field === "amount" || field === "award" ? `/${field}/text` : `/${field}`; }

export function text(mention, field) {
  const value = mention[field];
  return value && typeof value === "object" ? value.text : value ?? "";
}

export function placesOf(mention, field) { return mention.evidence[pointer(field)] || []; }

export function allPlaces(mention) { return Object.values(mention.evidence).flat(); }

function percent(sure) { return Math.round(sure * 100); }

// A value as it is, or as it was decided.
function value(mention, field, decided) {
  const before = text(mention, field);
  if (!decided) return el("span", { class: "value" }, before || el("span", { class: "soft" }, words().empty));
  return el("span", { class: "value" }, decided.value || words().none, " ", el("span", { class: "doubt" }, words().decided));
}

// A record. `on` has what a click does: `pick` a field, `keep` a typed value, `open` a record, `split`, `takeBack` a decision.
export function record({ mention, laureate }, { fields, doubtful, field, isTyping, decidedOf, decisions, isDropped, isAdded }, on) {
  const rows = fields.map((name) => {
    const sure = mention.confidence[pointer(name)];
    const isCurrent = name === field;
    const cell = isCurrent && isTyping ? typing(mention, name, decidedOf(name), on) : value(mention, name, decidedOf(name));
    return el("tr", { class: isCurrent ? "current" : undefined, "data-field": name },
      el("th", { scope: "row" }, el("button", { type: "button", "aria-current": isCurrent ? "true" : undefined, click: () => on.pick(name) }, label(name))),
      el("td", {}, cell),
      el("td", { class: "sure" }, sure === undefined ? "" : el("span", { class: sure < doubtful ? "doubt" : "soft" }, `${percent(sure)} %`)));
  });
  return [
    el("h2", {}, title(mention)),
    isDropped ? el("p", { class: "doubt" }, words().dropped) : undefined,
    isAdded ? el("p", { class: "doubt" }, words().added) : undefined,
    el("table", {}, el("thead", { class: "soft" }, el("tr", {}, [words().field, words().said, words().sureness].map((head) => el("th", { scope: "col", class: head === words().sureness ? "sure" : undefined }, head)))), el("tbody", {}, rows)),
    siblings(mention, laureate, on),
    standing(decisions, on),
  ].flat().filter(Boolean);
}

function typing(mention, field, decided, on) {
  const before = decided ? decided.value : text(mention, field);
  const input = el("textarea", { rows: before.length > 80 ? 5 : 1, "aria-label": words().edit(label(field)), keydown: (event) => {
    if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); event.stopPropagation(); on.keep(input.value); }
    if (event.key === "Escape") { event.stopPropagation(); on.keep(undefined); }
  } });
  input.value = before;
  const button = (name, act) => el("button", { type: "button", click: act }, name);
  return el("div", {}, input, button(words().keep, () => on.keep(input.value)), " ", button(words().cancel, () => on.keep(undefined)));
}

// The other records of its laureate.
function siblings(mention, laureate, on) {
  const sources = laureate?.sources || [];
  if (sources.length < 2) return [];
  return [el("h3", {}, words().sources(sources.length)), el("ul", {}, sources.map((source) => el("li", {}, source.document, source.page ? `, ${source.page}` : "", " ",
    source.mention === mention.id ? el("button", { type: "button", id: "split", click: on.split }, words().keys.split) : el("button", { type: "button", click: () => on.open(source.mention) }, words().openRecord))))];
}

// What is decided of a record, each to be taken back.
function standing(decisions, on) {
  if (!decisions.length) return [];
  const said = (decision) => [words().acts[decision.act], " ", decision.act === "set" ? `${label(decision.field)} : ${decision.value || words().none}` : ["drop", "add"].includes(decision.act) ? "" : decision.other];
  return [el("h3", {}, words().decisions), el("ul", { class: "standing" }, decisions.map((decision) => el("li", {}, said(decision), " ", el("button", { type: "button", click: () => on.takeBack(decision) }, words().back))))];
}

// Two records that may be one laureate, side by side.
export function pair([a, b], doubt, fields, on) {
  const both = fields.filter((field) => text(a.mention, field) || text(b.mention, field));
  const head = (side, at) => el("th", { scope: "col" }, el("button", { type: "button", click: () => on.look(at) }, `${side.mention.document.path} · ${words().inSource}`));
  return [
    el("h2", {}, `${words().pair} ${title(a.mention)} – ${title(b.mention)}`),
    el("p", { class: "soft" }, words().chance(percent(doubt.probability), doubt.is_one)),
    el("table", {}, el("thead", {}, el("tr", {}, el("td", { class: "corner" }), head(a, 0), head(b, 1))),
      el("tbody", {}, both.map((field) => el("tr", {}, el("th", { scope: "row" }, label(field)), [a, b].map((side) => el("td", { class: "value" }, text(side.mention, field))))))),
    el("h3", {}, words().why),
    el("table", {}, el("tbody", {}, doubt.contributions.map((part) => el("tr", {}, el("th", { scope: "row" }, label(part.comparison)), el("td", {}, part.level), el("td", { class: "sure" }, `${part.weight.toFixed(1)} ${words().bits}`))))),
  ];
}

// What sources say of one field, each with the key that says it is right.
export function conflict(name, doubt, records, on) {
  return [
    el("h2", {}, name),
    el("p", { class: "doubt" }, words().conflict(label(doubt.field))),
    el("table", {}, el("tbody", {}, doubt.says.map(([id, said], at) => el("tr", {},
      el("th", { scope: "row" }, el("button", { type: "button", click: () => on.prefer(id) }, el("kbd", {}, at + 1), " ", records.get(id)?.path || id)),
      el("td", { class: "value" }, said),
      el("td", {}, el("button", { type: "button", click: () => on.look(id) }, words().inSource)))))),
  ];
}

export function aboutDocument(document_) {
  const { announced, found } = document_;
  return [el("h2", {}, document_.path), el("p", { class: announced && announced !== found ? "doubt" : "soft" }, announced ? words().announces(announced, found) : words().found(found))];
}
