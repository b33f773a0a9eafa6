// The page: a list on the left, what is chosen of it in the middle, its source on the right, and one key per act.
import { ask, el, plain } from "./dom.js";
import * as record from "./record.js";
import * as source from "./source.js";
import { label, lang, spoken, switchLanguage, words } from "./tell.js";

// Lines of the list that are in the page around the one that is looked at.
const [BEFORE, BEHIND] = [15, 60];
const LESSON = ["name", "project"];

const at = (id) => document.getElementById(id);
const main = at("main");
const state = { data: undefined, list: "doubts", place: { doubts: 0, records: 0, documents: 0 }, search: "", field: undefined, isTyping: false, lesson: undefined, shown: [], turn: 0, isDrawn: false };
const cache = new Map();
let decided = new Map();

// ---- What is known

async function load() {
  state.data = await ask("run", { language: spoken() });
  state.read = state.data.records;
  stands(state.data.standing);
}

function full(id) {
  if (!cache.has(id)) {
    const asked = ask("record", { record: id, language: spoken() });
    asked.catch(() => cache.delete(id));
    cache.set(id, asked);
  }
  return cache.get(id);
}

const key = (act, ...of) => [act, ...of].join("\n");
const pairKey = (a, b) => key("pair", ...[a, b].sort());

function stands(standing) {
  state.data.standing = standing;
  decided = new Map(standing.decisions.map((decision) => [
    decision.act === "set" ? key("set", decision.record, decision.field) : decision.other && decision.act !== "add" ? pairKey(decision.record, decision.other) : key(decision.act, decision.record), decision]));
  const isRead = new Set(state.read.map((listed) => listed.id));
  const numbers = new Map(state.data.documents.map(({ path }, number) => [path, number]));
  // What was added stands behind what was read until a run has read it.
  const added = standing.decisions.filter(({ act, record, document }) => act === "add" && record && !isRead.has(record) && numbers.has(document));
  state.data.records = [...state.read, ...added.map(({ record, value, document }) => ({ id: record, title: value, document: numbers.get(document), isAdded: true }))];
  state.data.records.forEach((listed) => { listed.path = state.data.documents[listed.document].path; });
  state.byId = new Map(state.data.records.map((listed) => [listed.id, listed]));
}

const isDropped = (id) => decided.has(key("drop", id));
const isSet = (id, field) => isDropped(id) || decided.has(key("set", id, field));

function isDone(doubt) {
  if (doubt.kind === "value") return isSet(doubt.record, doubt.field);
  if (doubt.kind === "conflict") return doubt.says.every(([id]) => isSet(id, doubt.field));
  return decided.has(pairKey(doubt.a, doubt.b)) || isDropped(doubt.a) || isDropped(doubt.b);
}

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function items() {
  if (state.list !== "records") return state.data[state.list];
  const wanted = fold(state.search);
  return state.data.records.filter((listed) => fold(listed.title).includes(wanted));
}

const current = () => items()[state.place[state.list]];
const listed = (id) => state.byId.get(id);

// The record that acts are about; nothing where a pair or a document is looked at.
function subject() {
  const item = current();
  if (!item || state.list === "documents") return undefined;
  return state.list === "records" ? item.id : item.kind === "value" ? item.record : undefined;
}

// ---- Acts

let last = Promise.resolve();

// One thing after the other, so that what is shown is what stands.
function then(work) {
  last = last.then(work).catch((error) => tell(error.message, true));
  return last;
}

// Nothing is decided of what is not seen yet.
function act(body) {
  if (!state.isDrawn) return undefined;
  return then(async () => {
    const before = state.data.standing.undoable;
    stands(await ask("act", { language: spoken() }, body));
    state.isTyping = false;
    tell(state.data.standing.undoable > before ? words().done : words().same);
    forward();
    await render();
  });
}

// On to the next thing that is not decided, or the next record.
function forward() {
  if (state.list !== "doubts") return;
  const all = items();
  const from = state.place.doubts;
  const order = [...all.keys()].map((step) => (from + step) % all.length);
  const next = order.find((number) => !isDone(all[number]));
  if (next !== undefined) goTo(next);
}

function goTo(number) {
  const n = items().length;
  state.place[state.list] = Math.max(0, Math.min(n - 1, number));
  Object.assign(state, { field: undefined, isTyping: false });
}

function undo() {
  return then(async () => {
    stands(await ask("undo", { language: spoken() }, {}));
    tell(words().undone);
    await render();
  });
}

function takeBack(decision) {
  return then(async () => {
    stands(await ask("withdraw", { language: spoken() }, decision));
    tell(words().undone);
    await render();
  });
}

function keep(value) {
  if (value === undefined) { state.isTyping = false; return render(); }
  return act({ act: "set", record: subject(), field: state.field, value });
}

function takeWords() {
  if (state.lesson) return lessonStep();
  const value = source.chosen(state.field);
  if (!value || !subject()) return tell(words().wait);
  return act({ act: "set", record: subject(), field: state.field, value });
}

// The words that are chosen begin a record that was missed.
function begin(field) {
  const value = source.chosen(field);
  if (!value) return tell(words().wait);
  return then(async () => {
    const { record: id, standing } = await ask("add", { language: spoken() }, { field, value, ...source.begins() });
    stands(standing);
    tell(words().done);
    await open(id, field === "name" ? "project" : "name");
  });
}

// ---- Teaching

function documentNumber() {
  if (state.list === "documents") return state.place.documents;
  const item = current();
  const id = subject() || item?.a || item?.says?.[0][0];
  return id === undefined ? undefined : listed(id)?.document;
}

function startLesson() {
  const document_ = documentNumber();
  if (document_ === undefined) return;
  state.lesson = { document: document_, values: {}, step: 0 };
  source.clear();
  render();
}

function lessonStep() {
  const { lesson } = state;
  const field = LESSON[lesson.step];
  const value = source.chosen(field);
  if (!value && lesson.step === 0) return tell(words().wait);
  if (value) lesson.values[field] = value;
  lesson.step += 1;
  source.clear();
  if (lesson.step < LESSON.length) return render();
  state.lesson = undefined;
  return then(async () => {
    try {
      const { learnt, standing } = await ask("teach", { language: spoken() }, { document: lesson.document, values: lesson.values });
      stands(standing);
      tell([words().learnt(learnt.entries, learnt.file), ...learnt.first.map((example) => Object.values(example).join(" – ")), ...learnt.doubts].join("\n"), true);
    } finally { await render(); }
  });
}

// ---- The page

// Says what happened; what needs to be read stays until the next act.
function tell(text, stays = false) {
  const told = at("told");
  told.textContent = plain(text);
  told.hidden = false;
  clearTimeout(tell.timer);
  if (!stays) tell.timer = setTimeout(() => { told.hidden = true; }, 2500);
}

function name(item) {
  if (state.list === "documents") return [item.path, " ", el("span", { class: item.announced && item.announced !== item.found ? "doubt" : "soft" }, item.announced && item.announced !== item.found ? words().announces(item.announced, item.found) : words().found(item.found))];
  if (state.list === "records") return item.title;
  if (item.kind === "value") return [listed(item.record)?.title, " · ", el("span", { class: "soft" }, `${label(item.field)} ${Math.round(item.confidence * 100)} %`)];
  if (item.kind === "conflict") return [listed(item.says[0]?.[0])?.title, " · ", el("span", { class: "soft" }, words().conflict(label(item.field)))];
  return [listed(item.a)?.title, " – ", listed(item.b)?.title, " · ", el("span", { class: "soft" }, words().pair)];
}

function queue() {
  const all = items();
  const place = state.place[state.list];
  const from = Math.max(0, place - BEFORE);
  const tab = (list) => el("button", { type: "button", "aria-pressed": String(state.list === list), "data-list": list, click: () => { state.list = list; goTo(state.place[list]); render(); } }, words()[list]);
  const entries = all.slice(from, place + BEHIND).map((item, step) => el("li", { class: state.list === "doubts" && isDone(item) || state.list === "records" && isDropped(item.id) ? "done" : undefined },
    el("button", { type: "button", "aria-current": from + step === place ? "true" : undefined, click: () => { goTo(from + step); render(); } }, name(item))));
  const rest = all.length - Math.min(all.length, place + BEHIND);
  const search = state.list === "records" ? el("input", { type: "search", id: "search", "aria-label": words().search, placeholder: words().search, value: state.search, input: (event) => { state.search = event.target.value; goTo(0); render().then(() => { const field = at("search"); field.focus(); field.setSelectionRange(field.value.length, field.value.length); }); } }) : undefined;
  const nav = at("queue");
  nav.setAttribute("aria-label", words().queue);
  nav.replaceChildren(...[el("div", { class: "tabs" }, ["doubts", "records", "documents"].map(tab)), search, all.length || state.list !== "doubts" ? undefined : el("p", { class: "soft" }, words().nothing), el("ul", {}, entries), rest ? el("p", { class: "soft" }, words().further(rest)) : undefined].filter(Boolean));
  nav.querySelector("[aria-current=true]")?.scrollIntoView({ block: "nearest" });
}

function head() {
  const { doubts, standing, table } = state.data;
  document.documentElement.lang = lang();
  document.querySelector(".skip").textContent = words().skip;
  at("left").textContent = words().left(doubts.filter((doubt) => !isDone(doubt)).length, doubts.length);
  at("table").textContent = plain(words().table(table, standing.decisions.length));
  Object.assign(at("language"), { textContent: words().other, lang: lang() === "fr" ? "en" : "fr" });
  at("source").setAttribute("aria-label", words().source);
}

// The acts that there are now: each its key, its name and what it does.
function acts() {
  const item = current();
  const id = subject();
  const list = [];
  const add = (isOn, keys, text, run) => { if (isOn) list.push({ keys: [keys].flat(), text, run }); };
  const { keys } = words();
  if (state.lesson) {
    add(true, "Enter", keys.set, lessonStep);
    add(true, "Escape", keys.cancel, () => { state.lesson = undefined; render(); });
  } else {
    const kind = id ? "record" : item?.kind;
    add(kind === "record", "a", keys.accept, () => act({ act: "accept", record: id, field: state.field }));
    add(kind === "record", "A", keys.all, () => act({ act: "accept", record: id, field: null }));
    add(kind === "record", "Enter", keys.set, takeWords);
    add(kind === "record", "e", keys.edit, () => { state.isTyping = true; render().then(() => main.querySelector("textarea")?.select()); });
    // What was added is no more where the decision that added it is taken back.
    const begun = decided.get(key("add", id));
    add(kind === "record", "x", keys.drop, () => begun ? takeBack(begun) : act({ act: "drop", record: id }));
    add(kind === "record" && state.shown[0]?.laureate?.sources.length > 1, "p", keys.split, () => act({ act: "split", record: id }));
    add(kind === "record", "f", keys.nextField, () => { const { fields } = state.data; pick(fields[(fields.indexOf(state.field) + 1) % fields.length]); });
    add(kind === "pair", "a", keys.accept, () => act({ act: item.is_one ? "together" : "apart", a: item.a, b: item.b }));
    add(kind === "pair", "t", keys.together, () => act({ act: "together", a: item.a, b: item.b }));
    add(kind === "pair", "s", keys.apart, () => act({ act: "apart", a: item.a, b: item.b }));
    add(kind === "conflict", "a", keys.accept, () => act({ act: "prefer", record: item.says[0][0], field: item.field }));
    if (kind === "conflict") item.says.slice(0, 9).forEach(([record_], n) => add(true, String(n + 1), keys.prefer.replace(/n$/, n + 1), () => act({ act: "prefer", record: record_, field: item.field })));
    add(documentNumber() !== undefined, "n", keys.add, () => begin("name"));
    add(documentNumber() !== undefined, "N", keys.addProject, () => begin("project"));
    add(documentNumber() !== undefined, "l", keys.teach, startLesson);
  }
  add(state.data.standing.undoable > 0, "u", keys.undo, undo);
  add(true, ["j", "ArrowDown"], keys.next, () => { goTo(state.place[state.list] + 1); render(); });
  add(true, ["k", "ArrowUp"], keys.before, () => { goTo(state.place[state.list] - 1); render(); });
  return list;
}

const KEYS = { Enter: "⏎", Escape: "Esc", ArrowDown: "↓", ArrowUp: "↑" };

function bar() {
  at("keys").replaceChildren(...acts().map(({ keys, text, run }) => el("button", { type: "button", "data-key": keys[0], click: run }, el("kbd", {}, KEYS[keys[0]] || keys[0]), " ", text)));
}

function pick(field) {
  Object.assign(state, { field, isTyping: false });
  render();
}

// Says what is chosen in the source, and what it would be taken for.
function report() {
  if (state.lesson) {
    const { step } = state.lesson;
    const ask_ = (step ? words().lessonNext : words().lesson)(words().the[LESSON[step]]);
    const text = source.chosen(LESSON[step]);
    return source.say(el("strong", {}, ask_), text ? ` ${words().picked(text, label(LESSON[step]))}` : "");
  }
  const text = source.chosen(state.field);
  source.say(text && state.field ? words().picked(text, label(state.field)) : words().pick);
}

// What is drawn last is what was chosen last, however long the answers take.
async function middle() {
  state.turn += 1;
  const { turn } = state;
  state.isDrawn = false;
  const draw = (...parts) => { main.replaceChildren(...parts); state.isDrawn = true; };
  const item = current();
  const { data } = state;
  if (!item) return draw(el("p", { class: "soft" }, state.list === "doubts" ? words().nothing : words().choose));
  if (state.list === "documents") {
    draw(...record.aboutDocument(item));
    return look(undefined, state.place.documents);
  }
  const id = subject();
  if (id) {
    const known = await full(id);
    if (turn !== state.turn) return undefined;
    state.shown = [known];
    const { mention } = state.shown[0];
    state.field ||= item.field || "name";
    const of = (decision) => decision.record === id || decision.other === id;
    draw(...record.record(state.shown[0], {
      ...state, fields: data.fields, doubtful: data.doubtful, isDropped: isDropped(id), isAdded: listed(id).isAdded,
      decidedOf: (field) => decided.get(key("set", id, field)), decisions: data.standing.decisions.filter(of),
    }, { pick, keep, takeBack, split: () => act({ act: "split", record: id }), open }));
    return look(mention, listed(id).document);
  }
  if (item.kind === "pair") {
    const both = await Promise.all([full(item.a), full(item.b)]);
    if (turn !== state.turn) return undefined;
    state.shown = both;
    draw(...record.pair(state.shown, item, data.fields, { look: (side) => look(state.shown[side].mention, listed(side ? item.b : item.a).document) }));
    return look(state.shown[0].mention, listed(item.a).document);
  }
  state.field = item.field;
  const [first] = item.says[0];
  const lookAt = async (record_) => {
    const { mention } = await full(record_);
    return turn === state.turn ? look(mention, listed(record_).document) : undefined;
  };
  draw(...record.conflict(listed(first).title, item, state.byId, { prefer: (record_) => act({ act: "prefer", record: record_, field: item.field }), look: lookAt }));
  return lookAt(first);
}

function look(mention, number) {
  const shown = mention ? { places: state.field ? record.placesOf(mention, state.field) : [], entry: record.allPlaces(mention) } : {};
  return source.show(number, state.data.documents[number], shown, report).then(report);
}

function open(id, field) {
  Object.assign(state, { list: "records", search: "" });
  goTo(state.data.records.findIndex((listed_) => listed_.id === id));
  state.field = field;
  return render();
}

async function render() {
  head();
  queue();
  await middle();
  bar();
}

// ---- Keys

window.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !state.data || /^(INPUT|TEXTAREA)$/.test(event.target.tagName)) return;
  // A button that has the focus is pressed by Enter.
  if (event.key === "Enter" && event.target.tagName === "BUTTON" && !source.chosen(state.field)) return;
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") source.move(event.key === "ArrowLeft" ? -1 : 1, event.shiftKey);
  else if (event.key === "[" || event.key === "]") source.turnPage(event.key === "[" ? -1 : 1);
  else if (event.key === "Escape" && !state.lesson) { source.clear(); at("told").hidden = true; }
  else {
    const found = acts().find(({ keys }) => keys.includes(event.key));
    if (!found) return;
    found.run();
  }
  event.preventDefault();
});

at("language").addEventListener("click", () => { switchLanguage(); source.redraw(); render(); });

load().then(() => { forward(); return render(); }).catch((error) => tell(error.message, true));
