// Goes through a run on the page of `palmares review` as a person does, in a real browser, and exits with 1 where something is not as it should be: a value
// corrected by clicking words on a page and in a text, accepted, typed, undone; records merged, split and dropped; a layout taught; all of it so after a
// reload and after the next run; both languages, no request but to the server, no error, no script of a document, no serious fault that axe-core finds.
// usage: node check.mjs PALMARES SCREENSHOT-FOLDER [--picture FILE.png], in the project's folder   (needs playwright-core and axe-core; CHROMIUM names the browser)
// --picture writes the picture of README.md: a laureate of the samples of raw/ beside its page.
import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";

const [palmares, folder] = process.argv.slice(2, 4).map((path) => resolve(path));
const [option, picture] = process.argv.slice(4);
if (option && (option !== "--picture" || !picture)) throw new Error(`unknown option ${option}`);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const faults = [];
const expect = (what, holds) => { if (!holds) faults.push(what); };

// A workspace: brochures and pages that tell of the same laureates, a list that no layout is known of, and one that would do harm.
const work = mkdtempSync(join(tmpdir(), "palmares-review-"));
const here = (...path) => join(work, ...path);
mkdirSync(here("raw"));
for (const name of ["carnet-initiatives-emploi.pdf", "remobiliser-par-le-faire.html", "tremplins-solidaires.html"]) copyFileSync(join("raw", name), here("raw", name));
copyFileSync("raw/laureats-agir-2022.pdf", here("raw/brochure.pdf"));
copyFileSync("raw/aller-vers-les-invisibles.html", here("raw/page.html"));
const list = [["Le Sabot vert", "Un verger pour la rue des Lices"], ["Les Rameurs du soir", "Barques à louer pour une heure"], ["Le Grenier sonore", "Écouter les récits de la vallée"], ["Trois petits ponts", "Réparer les passerelles du bief"]];
writeFileSync(here("raw/liste.txt"), `La nuit des ateliers du canal\n\nCette année encore, la halle était pleine.\n\n${list.map(([name, project], at) => `Place ${at + 1} ~ ${name} >> ${project}\n`).join("\n")}\nLa halle rouvre en mars. Le plan d’accès est affiché à la gare.\n`);
const evil = "</script><img src=x onerror=alert(1)>\u202eegnahcé";
writeFileSync(here("raw/hostile.txt"), `2 lauréats ont été sélectionnés.\n\n1. Association ${evil} – <script>alert(2)</script> Jardin\nTerritoire : Brest\nPublic : habitants\n\n2. Association du Bourg – Un verger\nTerritoire : Vannes\nPublic : jeunes\n`);
const run = (cwd = work) => execFileSync(palmares, ["run", "-q"], { cwd, stdio: "inherit" });
const records = (file) => readFileSync(here("extracted", file), "utf8").trim().split("\n").map((line) => JSON.parse(line));
const table = () => existsSync(here("decisions.csv")) ? readFileSync(here("decisions.csv"), "utf8").trim().split("\n").slice(1) : [];
run();

async function review(cwd) {
  const server = spawn(palmares, ["review"], { cwd, stdio: ["ignore", "pipe", "ignore"] });
  const address = await new Promise((tell) => server.stdout.once("data", (line) => tell(String(line).trim())));
  return { server, address };
}
const { server, address } = await review(work);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });

async function open(options = {}) {
  const context = await browser.newContext({ locale: "fr-FR", viewport: { width: 1500, height: 950 }, ...options });
  const page = await context.newPage();
  page.on("request", (request) => { if (!request.url().startsWith(address)) faults.push(`a request leaves the page: ${request.url()}`); });
  page.on("console", (message) => { if (message.type() === "error") faults.push(`console: ${message.text()}`); });
  page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
  page.on("dialog", (dialog) => { faults.push(`a script of a document ran: ${dialog.message()}`); return dialog.dismiss(); });
  await page.goto(address);
  await page.waitForSelector("#keys button");
  return page;
}

async function audit(page, where) {
  const { violations } = await page.evaluate(`(() => { ${axe}; return axe.run(); })()`);
  for (const found of violations) if (["serious", "critical"].includes(found.impact)) faults.push(`${where}: ${found.id}: ${found.nodes.slice(0, 3).map((node) => node.html.slice(0, 120)).join(" | ")}`);
}

// A record of the list, and one of its fields.
async function goTo(page, name, field) {
  await page.click("[data-list=records]");
  await page.fill("#search", name);
  await page.locator("#queue li button").first().click();
  await page.locator("#main h2", { hasText: name }).waitFor();
  await page.click(`[data-field=${field}] th button`);
  await page.waitForSelector("#source .word");
  await page.locator("#main").focus();
}

// Presses a key and waits until what it does is written.
async function press(page, key, n) {
  await page.keyboard.press(key);
  for (let turn = 0; turn < 100 && table().length !== n; turn += 1) await page.waitForTimeout(50);
  expect(`${key} leaves ${n} decisions, not ${table().length}`, table().length === n);
  await page.waitForTimeout(100);
}

// Clicks the first and the last of these words, where they follow each other.
async function choose(page, ...texts) {
  const at = await page.locator("#source .word").evaluateAll((all, texts) => {
    const said = (element) => element.textContent || element.dataset.said;
    const from = all.findIndex((_, from) => texts.every((text, step) => said(all[from + step] || {}) === text));
    return from;
  }, texts);
  expect(`the words « ${texts.join(" ")} » are in the source`, at >= 0);
  await page.locator("#source .word").nth(at).click();
  if (texts.length > 1) await page.locator("#source .word").nth(at + texts.length - 1).click();
}

// A laureate of the samples beside the page that tells of it.
async function draw(file) {
  const home = mkdtempSync(join(tmpdir(), "palmares-picture-"));
  cpSync("raw", join(home, "raw"), { recursive: true });
  run(home);
  const samples = await review(home);
  try {
    const page = await browser.newPage({ locale: "en-GB", colorScheme: "light", viewport: { width: 1200, height: 800 } });
    await page.goto(samples.address);
    await page.waitForSelector("#keys button");
    const mentions = readFileSync(join(home, "extracted/mentions.ndjson"), "utf8").trim().split("\n").map((line) => JSON.parse(line));
    const shown = mentions.find((mention) => mention.document.path.endsWith(".pdf") && mention.name && mention.territory);
    await goTo(page, shown.name, "territory");
    await page.waitForFunction(() => { const image = document.querySelector("#source img"); return image && image.complete && image.naturalWidth > 500; });
    await page.locator("#source .word.held").first().scrollIntoViewIfNeeded();
    await page.screenshot({ path: file });
  } finally {
    samples.server.kill();
    rmSync(home, { recursive: true, force: true });
  }
}

try {
  const page = await open();
  const left = async () => Number(/\d+/.exec(await page.textContent("#left")));
  const before = await left();
  expect("there is something to check", before > 0);
  await audit(page, "what is doubtful");
  await page.screenshot({ path: join(folder, "review-doubts.png") });

  // However fast the keys are, what is shown is what is chosen.
  await page.locator("#main").focus();
  await Promise.all(Array.from("jjkjjjkj", (key) => page.keyboard.press(key)));
  await page.waitForTimeout(500);
  const [chosen, drawn] = [await page.textContent("#queue [aria-current=true]"), await page.textContent("#main h2")];
  expect(`what is shown is what is chosen: ${chosen}, ${drawn}`, chosen.includes(drawn.replace("Un seul lauréat ? ", "").split(" – ")[0]));

  // On the picture of a page: the words of the value are marked on it, and others are clicked.
  const brochure = records("mentions.ndjson").find((mention) => mention.document.path === "raw/brochure.pdf" && mention.name && mention.territory && mention.project);
  await goTo(page, brochure.name, "territory");
  await page.waitForFunction(() => { const image = document.querySelector("#source img"); return image && image.complete && image.naturalWidth > 500; });
  const held = await page.locator("#source .word.held").evaluateAll((all) => all.map((word) => ({ text: word.dataset.said, box: word.getBoundingClientRect().toJSON(), page: document.querySelector("#source .page").getBoundingClientRect().toJSON() })));
  expect("the words of the value are marked on the page", held.length > 0 && held.map((word) => word.text).join(" ").includes(brochure.territory.split(" ")[0]));
  const [x0, y0] = brochure.evidence["/territory"][0].bbox;
  const scale = held[0].page.width / 595.2756;
  expect("and where they are printed", Math.abs(held[0].box.x - held[0].page.x - x0 * scale) < 3 && Math.abs(held[0].box.y - held[0].page.y - y0 * scale) < 3);
  await audit(page, "a record of a page");
  await page.screenshot({ path: join(folder, "review-page.png") });
  const other = brochure.project.split(" ").slice(0, 2);
  await choose(page, ...other);
  await press(page, "Enter", 1);
  expect("the line says what was clicked", table()[0].includes(`,territory,`) && table()[0].includes(other.join(" ")));
  expect("the page says that it is decided", (await page.locator("[data-field=territory]").textContent()).includes("décidé"));
  await page.reload();
  await goTo(page, brochure.name, "territory");
  expect("it is so after a reload", (await page.locator("[data-field=territory]").textContent()).includes(other.join(" ")));
  run();
  await page.reload();
  await page.waitForSelector("#keys button");
  const now = records("mentions.ndjson").find((mention) => mention.id === brochure.id);
  expect("it is so after a run", now.territory === other.join(" ") && now.origin["/territory"] === "decided" && now.evidence["/territory"][0].page > 0);

  // In a text, by keys alone: right as it is, typed, dropped, and all undone.
  const inText = records("mentions.ndjson").find((mention) => mention.document.path === "raw/page.html" && mention.name && mention.territory);
  await goTo(page, inText.name, "territory");
  await press(page, "a", 2);
  expect("what is right is a decision, too", table()[1].split(inText.territory).length === 3);
  await press(page, "u", 1);
  await page.keyboard.press("e");
  await page.locator("#main textarea").fill('=Le "bon" lieu, enfin');
  await press(page, "Enter", 2);
  expect("a typed value runs in no spreadsheet", table()[1].includes(`"'=Le ""bon"" lieu, enfin"`));
  await page.locator("#main").focus();
  await press(page, "u", 1);
  await press(page, "x", 2);
  await audit(page, "a dropped record");
  await press(page, "u", 1);
  const said = inText.name.split(" ").slice(0, 2);
  await choose(page, ...said);
  await press(page, "Enter", 2);
  expect("words of a text are taken", table()[1].includes(`,${said.join(" ")},`));
  await press(page, "u", 1);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Shift+ArrowRight");
  expect("arrows choose words", (await page.locator("#source .word.chosen").count()) === 2);

  // An entry that reading missed: its name is clicked, then its territory, and the next run has it where it stands.
  const missed = () => records("mentions.ndjson").find((mention) => mention.name === "Le Sabot vert");
  expect("nothing is read of the list yet", !missed());
  await page.click("[data-list=documents]");
  await page.locator("#queue li button", { hasText: "liste.txt" }).click();
  await page.locator("#source h2", { hasText: "liste.txt" }).waitFor();
  await page.waitForSelector("#source .word");
  await choose(page, "Le", "Sabot", "vert");
  await page.click("#keys [data-key=n]");
  await page.locator("#main h2", { hasText: "Le Sabot vert" }).waitFor();
  expect("what is added is a line", table().length === 2 && table()[1].startsWith("add,raw/liste.txt,m-"));
  await audit(page, "what was added");
  await page.screenshot({ path: join(folder, "review-added.png") });
  await page.click("[data-field=project] th button");
  await choose(page, ...list[0][1].split(" "));
  await page.locator("#main").focus();
  await press(page, "Enter", 3);
  run();
  expect("it is there after a run, with what was set", missed()?.project === list[0][1] && missed().origin["/name"] === "decided" && missed().evidence["/name"][0].line > 0);
  await page.reload();
  await goTo(page, "Le Sabot vert", "name");
  expect("its words are marked", (await page.locator("#source .word.held").allTextContents()).join(" ") === "Le Sabot vert");
  await press(page, "x", 1);
  run();
  expect("what is taken back is gone with what was set", !missed());
  await page.reload();

  // Of sources that disagree, one is right.
  await page.click("[data-list=doubts]");
  await page.locator("#queue li:not(.done) button", { hasText: "se contredisent" }).last().click();
  await page.locator("#main .doubt", { hasText: "se contredisent" }).waitFor();
  await page.locator("#main").focus();
  await audit(page, "sources that disagree");
  const says = await page.locator("#main tbody tr").evaluateAll((all) => all.map((row) => row.querySelector(".value").textContent));
  await press(page, "2", 1 + says.length);
  expect("each source is set to what is right", table().slice(1).every((row) => row.startsWith("set,") && row.includes(says[1].split(",")[0])));
  await press(page, "u", 1);

  // Two that may be one are one; a record is parted from its laureate.
  await page.click("[data-list=doubts]");
  const pair = page.locator("#queue li:not(.done) button", { hasText: "Un seul lauréat" }).first();
  const n = await left();
  await pair.click();
  await page.locator("#main h2", { hasText: "Un seul lauréat" }).waitFor();
  await page.locator("#main").focus();
  await audit(page, "a pair");
  await page.screenshot({ path: join(folder, "review-pair.png") });
  await press(page, "t", 2);
  const [, , a, , , , , b] = table()[1].split(",");
  expect("less is left", (await left()) === n - 1);
  const split = records("laureates.ndjson").find((laureate) => laureate.sources.length > 1 && !laureate.sources.some(({ mention }) => [a, b].includes(mention)));
  const parted = records("mentions.ndjson").find((mention) => mention.id === split.sources[0].mention);
  await goTo(page, parted.name || parted.project, "name");
  if (split.sources.length === 2) await press(page, "p", 3);
  run();
  const of = (id) => records("laureates.ndjson").find((laureate) => laureate.sources.some(({ mention }) => mention === id));
  expect("two are one after a run", of(a).id === of(b).id);
  expect("one is two after a run", of(split.sources[0].mention).id !== of(split.sources[1].mention).id);
  const standing = table().length;

  // A layout is taught: the name and the project of one laureate.
  await page.reload();
  await page.click("[data-list=documents]");
  await page.locator("#queue li button", { hasText: "liste.txt" }).click();
  await page.locator("#source h2", { hasText: "liste.txt" }).waitFor();
  await page.waitForSelector("#source .word");
  await page.locator("#main").focus();
  await page.keyboard.press("l");
  await page.locator("#chosen", { hasText: "Apprendre" }).waitFor();
  await choose(page, "Le", "Sabot", "vert");
  await audit(page, "a lesson");
  await page.keyboard.press("Enter");
  await page.locator("#chosen", { hasText: "le projet" }).waitFor();
  await choose(page, ...list[0][1].split(" "));
  await page.screenshot({ path: join(folder, "review-lesson.png") });
  await page.keyboard.press("Enter");
  await page.locator("#told", { hasText: "profiles/liste.toml" }).waitFor();
  expect("it says how many would be read so", (await page.textContent("#told")).startsWith("4 fiches"));
  expect("a lesson is no line of the table", existsSync(here("profiles/liste.toml")) && table().length === standing);
  run();
  await page.reload();
  await goTo(page, list[2][0], "project");
  expect("the next run follows it", (await page.locator("[data-field=project]").textContent()).includes(list[2][1]));

  // What a document says is text.
  await goTo(page, "Association </script>", "name");
  const shown = await page.textContent("#main h2");
  expect("markup is shown as text, and what turns its direction is not", shown.includes("</script><img src=x onerror=alert(1)>") && !shown.includes("\u202e"));
  await page.click("#language");
  expect("it speaks English, too", (await page.getAttribute("html", "lang")) === "en" && (await page.textContent("#keys")).includes("no laureate"));
  await audit(await open({ colorScheme: "dark" }), "in the dark");
  if (picture) await draw(picture);
} catch (error) {
  const pages = browser.contexts().flatMap((context) => context.pages());
  for (const page of pages) faults.push(`the page says: ${await page.textContent("#told")} ${await page.textContent("#chosen")}`);
  faults.push(error.stack);
} finally {
  await browser.close();
  server.kill();
  rmSync(work, { recursive: true, force: true });
}

for (const fault of faults) console.error(fault);
console.log(faults.length ? `${faults.length} faults` : "the page of review is as it should be");
process.exit(faults.length ? 1 : 0);
