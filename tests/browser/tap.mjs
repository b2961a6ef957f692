// How long after a judge's tap a mark is saved on the device, and received by the server: the judge's app
// in Chromium at the built program, while other tablets mark at the same server at people's pace.
//
// tap.mjs [TAPS] [SKILLS OF FOUR TABLETS]
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { Served } from "./served.mjs";

const TAPS = Number(process.argv[2] ?? 300);
const SKILLS = Number(process.argv[3] ?? 32);
const GOALS = { saved: 30, received: 50 };
const COMPETITORS = 10;
const ASPECTS = 50;
// People take some seconds for a mark; this is how many times faster the others are.
const PACE = 4;
// Beyond the app's guard against the second half of a trembling hand's tap.
const BETWEEN_MS = 350;
const WARM_UP_MS = 10_000;
const CONNECTED_WITHIN_MS = 180_000;
// The rehearsed tablets of each skill, and the app itself.
const SOCKETS = 4 * SKILLS + 1;

async function prepare(served, bearer) {
  const call = async (method, path, body, type = "application/json") => {
    const headers = { authorization: `Bearer ${bearer}`, "content-type": type };
    const answer = await fetch(served.base + path, { method, headers, body: body && (type === "application/json" ? JSON.stringify(body) : body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? null : answer.json();
  };
  const folder = join(served.folder, "tapped");
  mkdirSync(join(folder, "skills/welding"), { recursive: true });
  const put = (name, ...lines) => writeFileSync(join(folder, name), `${lines.join("\n")}\n`);
  const all = (count, line) => Array.from({ length: count }, (_, at) => line(String(at + 1).padStart(2, "0")));
  put("competition.toml", 'edition = "2026"', 'tier = "city"', 'host = "h"', 'dates = ["2026-05-09"]', 'rule_set = "panel-sum"', 'language = "zh"', "[name]", 'zh = "计时"', 'en = "Timed"');
  put("skills/welding/skill.toml", 'number = "01"', "[name]", 'zh = "焊接"', 'en = "Welding"');
  put("skills/welding/competitors.csv", "code,name", ...all(COMPETITORS, (at) => `K${at},选手${at}`));
  put("skills/welding/judges.csv", "code,name,organisation,role", "J1,马建华,甲,judge");
  put("skills/welding/aspects.csv", "id,criterion,criterion_name,sub_criterion,sub_criterion_name,type,description,max,calculation", ...all(ASPECTS, (at) => `A1.${at},A,项,A1,子项,measurement,检查点 ${at},2.00,pass_fail`));
  const zip = join(served.folder, "tapped.zip");
  execFileSync("python3", ["-m", "zipfile", "-c", zip, "competition.toml", "skills"], { cwd: folder });
  const made = await call("POST", "/api/competitions", readFileSync(zip), "application/zip");
  const [{ skill }] = (await call("GET", `/api/competitions/${made.competition.id}`)).skills;
  await call("POST", `/api/skills/${skill.id}/act`, { act: "open" });
  return call("POST", `/api/skills/${skill.id}/cards`, { judge: "J1" });
}

// The others: a rehearsal plays sixteen skills at once, so it takes several to have all of them.
function others(served, bearer) {
  const token = join(served.folder, "token");
  writeFileSync(token, bearer);
  return Array.from({ length: Math.ceil(SKILLS / 16) }, (_, at) => {
    const skills = Math.min(16, SKILLS - 16 * at);
    const words = ["rehearse", "--generate", "n100", "--skills", skills, "--seed", at + 1, "--speed", PACE, "--server", served.base, "--token-file", token];
    return spawn(process.env.LEITAI_BIN, words.map(String), { stdio: "ignore" });
  });
}

async function sockets(served, bearer) {
  const figures = await (await fetch(`${served.base}/metrics`, { headers: { authorization: `Bearer ${bearer}` } })).text();
  return Number(/^leitai_judges (\d+)/m.exec(figures)[1]);
}

// In the page: notes when each tap was made and what its line of the list then says, and when.
function watch() {
  window.taps = [];
  document.addEventListener(
    "click",
    ({ target, timeStamp }) => {
      if (!target.closest?.(".answer")) return;
      const line = document.querySelector('.place[aria-current="true"] .shape');
      const tap = { at: timeStamp };
      window.taps.push(tap);
      const look = () => {
        const now = performance.now();
        if (/[◔✓▣]/.test(line.textContent)) tap.saved ??= now - tap.at;
        if (/[✓▣]/.test(line.textContent)) {
          tap.received ??= now - tap.at;
          observer.disconnect();
        }
      };
      const observer = new MutationObserver(look);
      observer.observe(line, { characterData: true, childList: true, subtree: true });
    },
    true,
  );
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
const served = new Served();
let browser;
let rehearsals = [];
try {
  const secret = await served.start();
  const made = await fetch(`${served.base}/api/set-up`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ secret, name: "desk", password: "correct horse battery" }) });
  const { bearer } = await made.json();
  const { code, pin } = await prepare(served, bearer);
  browser = await chromium.launch({ executablePath: process.env.LEITAI_CHROMIUM, args: ["--no-sandbox"] });
  const context = await browser.newContext({ viewport: { width: 1024, height: 768 }, locale: "en", baseURL: served.base });
  const page = await context.newPage();
  await page.goto(`/judge#${code}`);
  await page.locator(".pin").fill(pin);
  await page.locator("button[type=submit]").click();
  await page.locator(".home .form").first().waitFor();
  await page.waitForTimeout(BETWEEN_MS);
  await page.locator(".competitor").first().click();
  await page.locator(".answer.yes").waitFor();
  await page.evaluate(watch);
  rehearsals = others(served, bearer);
  const until = Date.now() + CONNECTED_WITHIN_MS;
  while ((await sockets(served, bearer)) < SOCKETS) {
    if (Date.now() > until) throw new Error(`${await sockets(served, bearer)} judges' sockets of ${SOCKETS} within three minutes`);
    await page.waitForTimeout(1_000);
  }
  await page.waitForTimeout(WARM_UP_MS);
  for (let tap = 0; tap < TAPS; tap++) {
    const next = page.locator(".finished .primary");
    if (await next.isVisible()) {
      await next.click();
      await page.waitForTimeout(BETWEEN_MS);
    }
    await page.locator(tap % 2 ? ".answer.no" : ".answer.yes").click();
    await page.waitForTimeout(BETWEEN_MS);
  }
  await page.waitForFunction(() => window.taps.every(({ received }) => received !== undefined));
  const open = await sockets(served, bearer);
  if (open < SOCKETS) throw new Error(`${open} judges' sockets of ${SOCKETS} at the end`);
  const taps = await page.evaluate(() => window.taps);
  console.log(`${taps.length} taps at the app in Chromium, ${open} judges' sockets at the server`);
  for (const [name, goal] of Object.entries(GOALS)) {
    const sorted = taps.map((tap) => tap[name]).sort((a, b) => a - b);
    const [p50, p99, worst] = [at(sorted, 0.5), at(sorted, 0.99), sorted.at(-1)].map((ms) => ms.toFixed(1));
    console.log(`  from tap to ${name}: p50 ${p50} ms, p99 ${p99} ms, worst ${worst} ms; goal: p99 under ${goal} ms: ${p99 < goal ? "met" : "missed"}`);
  }
} finally {
  for (const rehearsal of rehearsals) rehearsal.kill("SIGTERM");
  await browser?.close();
  await served.stop();
}
