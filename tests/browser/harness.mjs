// A browser over the pages of made-up results: starts both, and ends both with the tests.
import { spawn } from "node:child_process";
import { after, before } from "node:test";
import { chromium } from "playwright-core";

const PHONE = { width: 360, height: 740 };
const TABLET = { width: 1024, height: 768 };
const HALL = { width: 1920, height: 1080 };
export const SIZES = { phone: PHONE, tablet: TABLET, hall: HALL };

let server;
let browser;
let contexts = [];
export let base;

before(async () => {
  const { LEITAI_PAGES, LEITAI_CHROMIUM } = process.env;
  if (!LEITAI_PAGES || !LEITAI_CHROMIUM) throw new Error("run these by `cargo xtask browser`");
  server = spawn(LEITAI_PAGES, { stdio: ["pipe", "pipe", "inherit"] });
  base = await new Promise((resolve, reject) => {
    server.stdout.once("data", (line) => resolve(String(line).trim()));
    server.once("exit", () => reject(new Error("the pages' server ended")));
  });
  // Inside a container Chromium cannot make a sandbox of its own.
  browser = await chromium.launch({ executablePath: LEITAI_CHROMIUM, args: ["--no-sandbox"] });
});

after(async () => {
  await browser?.close();
  // The server ends when its input does.
  server?.stdin.end();
});

// Opens a page in a browser of its own, and notes all that it complains of.
export async function open(path, { size = TABLET, language = "zh", theme = "light", clock = false, before, ...options } = {}) {
  const context = await browser.newContext({ viewport: size, ...options });
  contexts.push(context);
  await context.addCookies([
    { name: "lang", value: language, url: base },
    { name: "theme", value: theme, url: base },
  ]);
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.addInitScript(() => {
    window.shifts = [];
    const note = (list) => window.shifts.push(...list.getEntries().map((entry) => [entry.value, ...entry.sources.map(({ node }) => node?.className ?? node?.data ?? "")]));
    new PerformanceObserver(note).observe({ type: "layout-shift", buffered: true });
  });
  // A clock that the test turns.
  if (clock) await page.clock.install();
  if (before) await page.addInitScript(before);
  await page.goto(base + path);
  return { page, context, complaints };
}

// Opens a page and waits until it runs and follows its topic.
export async function openLive(path, options) {
  const opened = await open(path, options);
  await opened.page.waitForSelector("html.is-running");
  await opened.page.waitForFunction(() => {
    const link = document.querySelector(".link");
    return link ? link.classList.contains("live") : true;
  });
  return opened;
}

export async function closeAll() {
  await Promise.all(contexts.map((context) => context.close()));
  contexts = [];
}

// Asks the server to change what it shows.
export async function tell(act) {
  const answer = await fetch(`${base}/test/${act}`, { method: "POST" });
  if (!answer.ok) throw new Error(`${act}: ${answer.status}`);
}

// The competitors in the order in which the page shows them.
export const order = (page) =>
  page.$$eval('tr[data-key^="row:"]', (rows) => rows.map((row) => row.dataset.key.slice(4)));

// Two frames: what was changed is drawn, and what moved has begun to.
export const drawn = (page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

// Nothing moves any more.
export const still = (page) =>
  page.waitForFunction(() => document.getAnimations().every((animation) => animation.playState !== "running"));
