// The source beside a record: the picture of a page with its words over it, or the text, in which words are clicked.
import { ask, el, plain } from "./dom.js";
import { spoken, words } from "./tell.js";

// Blocks of a text around an entry that are shown at first, and with every further look.
const AROUND = 12;
const MORE = 60;
const SENTENCES = ["description", "results", "needs", "objectives"];

const known = new Map();
const pane = document.getElementById("source");
const view = { number: undefined, written: undefined, document: undefined, page: 1, places: [], entry: [], from: 0, to: 0, flat: [], chosen: undefined, isDragging: false, report: () => {} };

// The words of a document, read once.
function written(number) {
  if (!known.has(number)) {
    const asked = ask("words", { document: number, language: spoken() });
    asked.catch(() => known.delete(number));
    known.set(number, asked);
  }
  return known.get(number);
}

// Shows a document where an entry stands. `places` are those of the value that is looked at, `entry` those of all its values; `report` is told what is chosen.
export async function show(number, document_, { places = [], entry = [] }, report) {
  const isSame = view.number === number && view.written;
  const aimed = JSON.stringify([number, places, entry]);
  // What is chosen stays for as long as the same is looked at.
  if (isSame && view.aimed === aimed) return;
  Object.assign(view, { number, aimed, document: document_, places, entry, report, chosen: undefined });
  if (!isSame) {
    view.written = undefined;
    pane.replaceChildren(el("h2", {}, document_.path), el("p", { class: "soft", role: "status" }, words().reading));
    try {
      const answer = await written(number);
      if (view.number !== number) return;
      view.written = answer.written;
      view.isChanged = answer.is_changed;
    } catch (error) {
      if (view.number === number) pane.replaceChildren(el("h2", {}, document_.path), el("p", { class: "doubt" }, error.message));
      return;
    }
  }
  const first = view.places[0] || view.entry[0];
  if (view.written.pages.length) view.page = first?.page || (isSame ? view.page : 1);
  // Of what has no place yet nothing is looked for.
  else if (first || !isSame) aim();
  draw();
  const seen = pane.querySelector(".held") || pane.querySelector(".entry");
  if (seen) seen.scrollIntoView({ block: "center" });
}

// Which blocks of a text are shown.
function aim() {
  const { blocks } = view.written;
  const holds = (block) => block.words.some((word) => isWithin(word, view.entry));
  const first = blocks.findIndex(holds);
  const last = blocks.findLastIndex(holds);
  if (first < 0) Object.assign(view, { from: 0, to: Math.min(blocks.length, MORE) });
  else Object.assign(view, { from: Math.max(0, first - AROUND), to: Math.min(blocks.length, last + 1 + AROUND, first + 10 * MORE) });
}

// Whether a word stands in one of these places.
function isWithin(word, places) {
  return word.places.some((a) => places.some((b) => {
    if (a.bbox) {
      const [x, y] = [(a.bbox[0] + a.bbox[2]) / 2, (a.bbox[1] + a.bbox[3]) / 2];
      return b.bbox && a.page === b.page && b.bbox[0] <= x && x <= b.bbox[2] && b.bbox[1] <= y && y <= b.bbox[3];
    }
    const meet = (one, other) => one && other && one[0] < other[1] && other[0] < one[1];
    if (a.span) return meet(a.span, b.span);
    return a.sheet === b.sheet && a.cell === b.cell && a.part === b.part && a.paragraph === b.paragraph && (meet(a.characters, b.characters) || !b.characters);
  }));
}

function draw() {
  const { written, document: document_ } = view;
  view.flat = [];
  const head = [el("h2", {}, document_.path), view.isChanged ? el("p", { class: "doubt" }, words().changed) : undefined, el("p", { id: "chosen", "aria-live": "polite" })];
  pane.replaceChildren(...head.filter(Boolean), ...(written.pages.length ? drawPage() : drawText()));
  mark();
}

// A word that can be clicked, with what it is part of.
function word(said, block, step, place) {
  const number = view.flat.length;
  const element = el("span", { class: "word", "data-word": number, "data-said": place ? said.text : undefined }, place ? "" : said.text);
  view.flat.push({ ...said, block, step, elements: [element] });
  return element;
}

function drawPage() {
  const [width, height] = view.written.pages[view.page - 1] || [1, 1];
  const source = new URL("picture", location.href);
  source.search = new URLSearchParams({ document: view.number, page: view.page, language: spoken() });
  const sheet = el("div", { class: "page" }, el("img", { src: source.href, alt: words().pictureOf(view.page, view.document.path) }));
  sheet.style.aspectRatio = `${width} / ${height}`;
  view.written.blocks.forEach((block, number) => {
    for (const [step, said] of block.words.entries()) {
      const places = said.places.filter((place) => place.page === view.page && place.bbox);
      if (!places.length) continue;
      const [first] = [word(said, number, step, true)];
      places.forEach((place, at) => {
        const element = at ? first.cloneNode() : first;
        if (at) view.flat.at(-1).elements.push(element);
        const [x0, y0, x1, y1] = place.bbox;
        Object.assign(element.style, { left: `${100 * x0 / width}%`, top: `${100 * y0 / height}%`, width: `${100 * (x1 - x0) / width}%`, height: `${100 * (y1 - y0) / height}%` });
        sheet.append(element);
      });
    }
  });
  const turn = (step, text) => el("button", { type: "button", click: () => turnPage(step) }, text);
  const n = view.written.pages.length;
  const pages = el("p", {}, turn(-1, "←"), " ", words().page(view.page, n), " ", turn(1, "→"));
  return [pages, region(sheet)];
}

function drawText() {
  const { blocks } = view.written;
  const shown = blocks.slice(view.from, view.to).map((block, at) => el("p", { class: [block.is_heading ? "heading" : "", block.is_aside ? "aside" : ""].join(" ").trim() || undefined },
    block.words.flatMap((said, step) => [word(said, view.from + at, step), said.ends_line ? "\n" : " "])));
  const more = (text, widen) => el("button", { type: "button", click: () => { widen(); draw(); } }, text);
  return [view.from > 0 ? more(words().earlier, () => { view.from = Math.max(0, view.from - MORE); }) : undefined,
    region(el("div", { class: "text" }, shown)),
    view.to < blocks.length ? more(words().later, () => { view.to = Math.min(blocks.length, view.to + MORE); }) : undefined].filter(Boolean);
}

function region(content) {
  const element = el("div", { tabindex: "0", role: "group", "aria-label": words().source }, content);
  const number = (event) => { const hit = event.target.closest?.(".word"); return hit ? Number(hit.dataset.word) : undefined; };
  element.addEventListener("pointerdown", (event) => {
    const at = number(event);
    if (at === undefined || event.button) return;
    event.preventDefault();
    element.focus({ preventScroll: true });
    const { chosen } = view;
    // The second click ends what the first began.
    const isSecond = chosen && chosen.from === chosen.to && chosen.from !== at;
    choose(chosen && (event.shiftKey || isSecond) ? { from: chosen.from, to: at } : { from: at, to: at });
    view.isDragging = true;
  });
  element.addEventListener("pointerover", (event) => {
    const at = number(event);
    // What moves under a pointer at rest is not drawn over.
    const isMoved = event.movementX || event.movementY;
    if (view.isDragging && isMoved && at !== undefined && view.chosen) choose({ from: view.chosen.from, to: at });
  });
  return element;
}
window.addEventListener("pointerup", () => { view.isDragging = false; });

function choose(chosen) {
  view.chosen = chosen;
  mark();
  view.report();
}

function mark() {
  const [from, to] = view.chosen ? [Math.min(view.chosen.from, view.chosen.to), Math.max(view.chosen.from, view.chosen.to)] : [1, 0];
  view.flat.forEach((said, at) => {
    for (const element of said.elements) {
      element.classList.toggle("entry", isWithin(said, view.entry));
      element.classList.toggle("held", isWithin(said, view.places));
      element.classList.toggle("chosen", from <= at && at <= to);
    }
  });
}

// The words that are chosen, as a value of a field; nothing where none are.
export function chosen(field) {
  if (!view.chosen) return "";
  const [from, to] = [view.chosen.from, view.chosen.to].sort((a, b) => a - b);
  let text = "";
  view.flat.slice(from, to + 1).forEach((said, at, all) => { text += said.text + (at + 1 === all.length ? "" : said.ends_line && all[at + 1].block === said.block ? "\n" : " "); });
  text = text.replace(/[,;:]+$/u, "");
  if (!SENTENCES.includes(field)) text = text.replace(/\.$/u, "");
  const opens = (text.match(/\(/g) || []).length;
  const closes = (text.match(/\)/g) || []).length;
  if (closes > opens) text = text.replace(/\)$/u, "");
  if (opens > closes) text = text.replace(/^\(/u, "");
  return text.replace(/^«\s*([^«»]*?)\s*»$/u, "$1").trim();
}

// Where the words that are chosen begin: the document, the block and the word in it.
export function begins() {
  const { block, step } = view.flat[Math.min(view.chosen.from, view.chosen.to)];
  return { document: view.number, block, word: step };
}

export function say(...children) { document.getElementById("chosen")?.replaceChildren(...children.map((child) => child instanceof Node ? child : plain(child))); }

export function clear() { if (view.chosen) choose(undefined); }

export function turnPage(step) {
  const n = view.written?.pages.length || 0;
  const page = Math.min(n, Math.max(1, view.page + step));
  if (!n || page === view.page) return;
  Object.assign(view, { page, chosen: undefined });
  draw();
  view.report();
}

// Moves the choice by a word, or extends it.
export function move(step, extends_) {
  if (!view.flat.length) return;
  const held = view.flat.findIndex((said) => isWithin(said, view.places));
  const before = view.chosen || { from: Math.max(held, 0) - step, to: Math.max(held, 0) - step };
  const to = Math.min(view.flat.length - 1, Math.max(0, before.to + step));
  choose(extends_ && view.chosen ? { from: before.from, to } : { from: to, to });
  view.flat[to].elements[0].scrollIntoView({ block: "nearest" });
}

// What is known of documents is asked anew.
export function forget() { known.clear(); view.written = undefined; }

export function redraw() { if (view.written) draw(); }
