// Opens a report as a person does, in a real browser, and exits with 1 where something is not as it should be: search, filter, the map, sort, what thresholds would give, a laureate with
// its words marked, both languages, no request, no error, no serious fault that axe-core finds; with pictures of pages beside it, those over the right words.
// usage: node check.mjs REPORT.html SCREENSHOT-FOLDER [--picture FILE.png]   (needs playwright-core and axe-core; CHROMIUM names the browser)
// --picture writes the picture of README.md, which is of the samples of raw/.
import { chromium } from "playwright-core";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { join, resolve } from "node:path";

const [report, folder, option, picture] = process.argv.slice(2);
if (option && (option !== "--picture" || !picture)) throw new Error(`unknown option ${option}`);
const address = pathToFileURL(resolve(report)).href;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const faults = [];
const expect = (what, holds) => { if (!holds) faults.push(what); };

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
for (const colorScheme of ["light", "dark"]) {
  const context = await browser.newContext({ locale: "fr-FR", colorScheme, viewport: { width: 1200, height: 900 }, bypassCSP: false });
  const page = await context.newPage();
  const pictures = new URL("report-pages/", address).href;
  page.on("request", (request) => { if (!request.url().startsWith(address) && !request.url().startsWith(pictures)) faults.push(`a request leaves the page: ${request.url()}`); });
  page.on("console", (message) => { if (message.type() === "error") faults.push(`console: ${message.text()}`); });
  page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
  page.on("dialog", (dialog) => { faults.push(`a script of a document ran: ${dialog.message()}`); return dialog.dismiss(); });
  await page.goto(address);

  expect("elements are shown, not what they are called", !(await page.locator("body").innerText()).includes("[object"));
  const rows = page.locator("#list tbody tr");
  const n = await rows.count();
  expect("the table has rows", n > 1);
  const name = await rows.nth(1).locator("a").first().textContent();
  await page.fill("#search", name.toUpperCase().normalize("NFD").replace(/\p{M}/gu, ""));
  expect("a search finds a name without its accents and capitals", (await rows.count()) >= 1 && (await rows.count()) < n && (await rows.first().textContent()).includes(name));
  await page.fill("#search", "");
  const facet = page.locator("#filter-document");
  if (await facet.count()) {
    await facet.selectOption({ index: 1 });
    expect("a facet leaves some", (await rows.count()) >= 1 && (await rows.count()) < n);
    await facet.selectOption({ index: 0 });
  }
  await map(page, rows, n);
  await thresholds(page);
  await page.click("[data-sort=name]");
  const sorted = await rows.locator("th a").allTextContents();
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  expect("a click on a head sorts", sorted.every((text, at) => at === 0 || plain(sorted[at - 1]) <= plain(text)));
  await audit(page, `overview, ${colorScheme}`);
  await page.screenshot({ path: join(folder, `report-${colorScheme}.png`) });

  // By keyboard alone: the link has the focus, Enter opens it.
  await rows.nth(0).locator("a").first().focus();
  const opened = await rows.nth(0).locator("a").first().textContent();
  await page.keyboard.press("Enter");
  await page.waitForSelector("blockquote");
  expect("a laureate opens", (await page.locator("h2").first().textContent()) === opened);
  const marks = await page.locator("blockquote mark").evaluateAll((all) => all.map((mark) => ({ field: mark.querySelector("small").textContent, text: mark.firstChild.textContent })));
  const folded = plain(opened).replace(/[^a-z0-9]/g, "");
  expect("the words of its name are marked in its source", marks.some((mark) => folded.includes(plain(mark.text).replace(/[^a-z0-9]/g, "")) && mark.field === "Lauréat"));
  await audit(page, `laureate, ${colorScheme}`);
  await page.screenshot({ path: join(folder, `laureate-${colorScheme}.png`) });
  // A value is corrected where it stands, and the table of decisions says so.
  const name_ = page.locator(".editable").first();
  await name_.locator("button").click();
  await name_.locator("textarea").fill('=Le "bon" nom, enfin');
  await page.keyboard.press("Enter");
  expect("a corrected value is shown as one", (await page.locator(".editable").first().textContent()).includes('=Le "bon" nom, enfin'));
  await audit(page, `correction, ${colorScheme}`);
  const [saved] = await Promise.all([page.waitForEvent("download"), page.click("#download")]);
  const decisions = readFileSync(await saved.path(), "utf8");
  expect("the decision can be downloaded, and runs in no spreadsheet", saved.suggestedFilename() === "decisions.csv" && /\r\nset,[^\r]*,m-[0-9a-f]{16},[^\r]*,"'=Le ""bon"" nom, enfin",\r\n$/.test(decisions));
  await page.reload();
  expect("a decision outlasts the page", (await page.locator("#decisions").textContent()).includes("1 décision"));
  await page.locator(".editable").first().locator("button", { hasText: "revenir" }).click();
  expect("a decision can be undone", await page.locator("#decisions").isHidden());
  await page.click("#language");
  expect("it speaks English, too", (await page.getAttribute("html", "lang")) === "en");
  await page.goBack();
  expect("back leads to the list", (await rows.count()) > 1);
  const data = JSON.parse(await page.locator("#data").textContent());
  if (data.pages) await onItsPage(page, data, colorScheme);
  await context.close();
}
if (picture) {
  const page = await browser.newPage({ locale: "en-GB", colorScheme: "light", viewport: { width: 1200, height: 800 } });
  await page.goto(address);
  await page.screenshot({ path: picture });
}
await browser.close();

// A dot of the map filters the table as the list of places does, by mouse and by keyboard; what lies off the map is beside it, and paper has it too.
async function map(page, rows, n) {
  const results = async () => Number.parseInt(await page.locator("#results").textContent(), 10);
  const every = await results();
  const dot = page.locator(".map [role=button]").last();
  const [label, value] = [await dot.getAttribute("aria-label"), await dot.getAttribute("data-place")];
  await dot.click();
  const some = await results();
  expect("a dot says how many laureates it shows", label.startsWith(value) && Number.parseInt(label.split(" – ")[1], 10) === some);
  expect("a dot filters the table", some >= 1 && some < every && (await rows.count()) === Math.min(some, n));
  expect("a dot is pressed, and the list of places says the same", (await dot.getAttribute("aria-pressed")) === "true" && (await page.locator("#filter-place").inputValue()) === value);
  await dot.focus();
  await page.keyboard.press("Enter");
  expect("pressed again, it shows all", (await results()) === every && (await dot.getAttribute("aria-pressed")) === "false");
  await page.locator(".map [role=button][tabindex='0']").focus();
  await page.keyboard.press("ArrowRight");
  expect("an arrow leads to the next dot, which the tabulator then finds", await page.evaluate(() => document.activeElement === document.querySelectorAll(".map [role=button]")[1] && document.activeElement.tabIndex === 0 && document.querySelectorAll(".map [tabindex='0']").length === 1));
  const beside = page.locator(".elsewhere button");
  if (await beside.count()) {
    await beside.first().click();
    expect("a place off the map filters the table", (await results()) < every);
    await page.locator("#filter-place").selectOption({ index: 0 });
    expect("the list of places undoes it", (await results()) === every && (await beside.first().getAttribute("aria-pressed")) === "false");
  }
  const strays = await page.evaluate(() => {
    const { x, y, width, height } = document.querySelector(".map path").getBBox();
    const dots = [...document.querySelectorAll(".map circle")].map((dot) => [dot.cx.baseVal.value - x, dot.cy.baseVal.value - y]);
    return dots.filter(([across, down]) => across < 0 || across > width || down < 0 || down > height).length;
  });
  expect("dots lie on the outlines", strays === 0);
  await page.emulateMedia({ media: "print" });
  expect("paper has the map", (await page.locator(".map").isVisible()) && (!(await beside.count()) || (await beside.first().isVisible())));
  await page.emulateMedia({ media: "screen" });
}

// What thresholds would give is drawn as the table beside it says, with the one in use marked; on a narrow page, too, nothing is cut off.
async function thresholds(page) {
  const { thresholds } = JSON.parse(await page.locator("#data").textContent());
  const section = page.locator("section[aria-labelledby=thresholds]");
  const panels = section.locator("svg.panel");
  expect("there is something to draw", thresholds.length > 1 && (await panels.count()) === 2);
  expect("drawings say what they show", (await panels.evaluateAll((all) => all.every((panel) => panel.getAttribute("aria-labelledby").split(" ").concat(panel.getAttribute("aria-describedby")).every((id) => document.getElementById(id).textContent)))));
  expect("a point for each threshold", (await panels.nth(1).locator("circle").count()) === thresholds.length + 1);
  await section.locator("summary").click();
  const rows = section.locator("tbody tr");
  const used = thresholds.find((at) => at.is_used);
  const cells = await rows.nth(thresholds.indexOf(used)).locator("td").allTextContents();
  expect("the table has them all", (await rows.count()) === thresholds.length);
  expect("the one in use is marked, with its figures", (await section.locator("tr.used").count()) === 1 && cells[0] === String(used.pairs) && cells[3] === String(used.organisations));
  const heights = await panels.nth(1).locator("g.first circle").evaluateAll((all) => all.map((dot) => dot.cy.baseVal.value));
  expect("more organisations are drawn higher", thresholds.every((at, n) => n === 0 || Math.sign(at.organisations - thresholds[n - 1].organisations) === Math.sign(heights[n - 1] - heights[n])));
  const evidence = page.locator("ul.tasks details").first();
  if (await evidence.count()) {
    await evidence.locator("summary").click();
    expect("the evidence of a doubtful pair is drawn, a bar for each weight", (await evidence.locator("tbody tr").count()) === (await evidence.locator("svg.step rect").count()));
  }
  const size = page.viewportSize();
  await page.setViewportSize({ width: 360, height: 800 });
  expect("nothing is wider than a narrow page", await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
  await page.setViewportSize(size);
}

// The values of a laureate of a PDF stand on the picture of their page: the words are within their boxes, and the boxes where the words are printed.
async function onItsPage(page, data, colorScheme) {
  const laureate = data.laureates.find(({ name, sources }) => name && data.pages.places[sources[0].mention]?.["/name"]?.length === 1 && data.pages.pictures[sources[0].document]);
  await page.goto(`${address}#${laureate.id}`);
  const crop = page.locator("tr", { has: page.locator("th", { hasText: /^Laureate$/ }) }).locator(".crop");
  await crop.scrollIntoViewIfNeeded();
  await page.waitForFunction(() => { const image = document.querySelector(".crop img"); return image?.complete && image.naturalWidth > 500; });
  const [[number, [x0, y0, x1, y1]]] = data.pages.places[laureate.sources[0].mention]["/name"];
  const { size: [width, height] } = data.pages.pictures[laureate.sources[0].document][number];
  const seen = await crop.evaluate((element) => {
    const box = (part) => part.getBoundingClientRect().toJSON();
    const [image, mark] = [element.querySelector("img"), element.querySelector("i")];
    return { image: box(image), mark: box(mark), crop: box(element), natural: [image.naturalWidth, image.naturalHeight] };
  });
  const scale = seen.image.width / width;
  const isNear = (a, b) => Math.abs(a - b) < 1.5;
  expect("the mark is where the words are on the page", isNear(seen.mark.x - seen.image.x, x0 * scale) && isNear(seen.mark.y - seen.image.y, y0 * scale) && isNear(seen.mark.width, (x1 - x0) * scale) && isNear(seen.mark.height, (y1 - y0) * scale));
  expect("the picture has the form of its page", isNear(seen.image.height, height * scale) && Math.abs(seen.natural[0] / seen.natural[1] - width / height) < 0.01);
  expect("the words are within what is shown", seen.mark.x >= seen.crop.x && seen.mark.right <= seen.crop.right + 1 && seen.mark.y >= seen.crop.y && seen.mark.bottom <= seen.crop.bottom + 1);
  // Printed letters are dark on the marker's yellow; around the box, at the edge of what is shown, is paper.
  const shot = await pixels(page.context(), await crop.screenshot());
  const at = (x, y) => { const from = 4 * (Math.round(y * shot.height / seen.crop.height) * shot.width + Math.round(x * shot.width / seen.crop.width)); return shot.data.slice(from, from + 3); };
  const inside = [];
  for (let x = 0; x < seen.mark.width; x += 1) for (let y = 2; y < seen.mark.height - 2; y += 1) inside.push(at(seen.mark.x - seen.crop.x + x, seen.mark.y - seen.crop.y + y));
  const isInk = ([r, g, b]) => r + g + b < 300;
  const isYellow = ([r, , b]) => r - b > 100;
  expect("letters stand in the mark", inside.filter(isInk).length > inside.length * 0.02 && inside.filter(isYellow).length > inside.length * 0.3);
  expect("and what is beside it is not marked", !isYellow(at(3, 3)));
  await audit(page, `values on their pages, ${colorScheme}`);
  await page.screenshot({ path: join(folder, `pages-${colorScheme}.png`) });
}

// The pixels of a picture, which another page decodes: this one loads nothing but its own.
async function pixels(context, png) {
  const page = await context.newPage();
  const read = await page.evaluate(async (source) => {
    const image = Object.assign(new Image(), { src: source });
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: image.naturalWidth, height: image.naturalHeight });
    const drawing = canvas.getContext("2d");
    drawing.drawImage(image, 0, 0);
    return { width: canvas.width, height: canvas.height, data: [...drawing.getImageData(0, 0, canvas.width, canvas.height).data] };
  }, `data:image/png;base64,${png.toString("base64")}`);
  await page.close();
  return read;
}

async function audit(page, where) {
  const { violations } = await page.evaluate(`(() => { ${axe}; return axe.run(); })()`);
  for (const found of violations) if (["serious", "critical"].includes(found.impact)) faults.push(`${where}: ${found.id}: ${found.nodes.slice(0, 3).map((node) => node.html.slice(0, 120)).join(" | ")}`);
}

for (const fault of faults) console.error(fault);
console.log(faults.length ? `${faults.length} faults` : "the report is as it should be");
process.exit(faults.length ? 1 : 0);
