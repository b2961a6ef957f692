// B8: what a spectator's page costs a phone: boards of 40 and 400 rows at the real program, beside a
// static page that says one thing, in the same run. Lighthouse, as on a slow phone, five rounds in turn.
//
// measure.mjs [ROUNDS]
import { createServer } from "node:http";
import * as chromeLauncher from "chrome-launcher";
import lighthouse from "lighthouse";
import { Served } from "../../browser/served.mjs";

const ROUNDS = Number(process.argv[2] ?? 5);
const SIZES = [40, 400];
const GOALS = { floors: 1.2, bytes: 80 * 1024, shift: 0, accessibility: 100 };
const SURNAMES = [..."李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"];
const GIVEN = ["明远", "秀兰", "国强", "志刚", "立新", "海涛", "子涵", "雨桐", "思远", "佳怡"];
const ASPECTS = 10;

// The floor: a heading and a sentence, and nothing else to load.
const FLOOR = `<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport"
content="width=device-width, initial-scale=1"><title>Floor</title><meta name="description" content="A floor.">
<style>body{font:1rem/1.5 sans-serif;margin:2rem}</style></head><body><main><h1>焊接</h1><p>${"评分进行中。".repeat(240)}</p></main></body></html>`;

async function floor() {
  const server = createServer((_, response) => {
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(FLOOR);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return { url: `http://127.0.0.1:${server.address().port}/`, stop: () => server.close() };
}

// A public skill of so many competitors, with names, all marked; gives its board's address.
async function board(served, bearer, rows) {
  const headers = { authorization: `Bearer ${bearer}`, "content-type": "application/json" };
  const call = async (method, path, body) => {
    const answer = await fetch(served.base + path, { method, headers, body: body && JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? null : answer.json();
  };
  const person = (_, at) => `${SURNAMES[at % 20]}${GIVEN[Math.floor(at / 20) % 10]}，第${(at % 7) + 1}车间`;
  const lines = (count, line) => Array.from({ length: count }, line).join("\n");
  const made = await call("POST", "/api/competitions/small", {
    name: `${rows} 人`,
    skill: "焊接",
    rule_set: "enterprise-drill",
    competitors: lines(rows, person),
    judges: "马建华，质检院\n胡爱民，技师学院",
    aspects: lines(ASPECTS, (_, at) => `评分点 ${at + 1}，10，测量`),
  });
  const { id } = made.competition;
  const [skill] = (await call("GET", `/api/competitions/${id}`)).skills;
  await call("PATCH", `/api/competitions/${id}`, { is_public: true });
  await call("PATCH", `/api/skills/${skill.skill.id}`, { policy: "running", is_anonymous: false });
  await call("POST", `/api/skills/${skill.skill.id}/act`, { act: "open" });
  const card = await call("POST", `/api/skills/${skill.skill.id}/cards`, { judge: "J2" });
  const tablet = await served.tablet(card.code, card.pin);
  await tablet.say("rest");
  await tablet.stop();
  return `${served.base}/skill/${skill.skill.id}`;
}

async function look(url, port) {
  const settings = { port, output: "json", logLevel: "silent", onlyCategories: ["performance", "accessibility"] };
  const { lhr } = await lighthouse(url, settings);
  if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
  const value = (audit) => lhr.audits[audit].numericValue;
  const requests = lhr.audits["network-requests"].details.items;
  const { observedLargestContentfulPaint: painted } = lhr.audits.metrics.details.items[0];
  const wasm = requests.find((request) => request.url.endsWith(".wasm"));
  return {
    lcp: value("largest-contentful-paint"),
    blocked: value("total-blocking-time"),
    shift: value("cumulative-layout-shift"),
    shifted: (lhr.audits["layout-shifts"].details?.items ?? []).map(({ node }) => node?.snippet ?? "?"),
    bytes: requests.reduce((sum, request) => sum + request.transferSize, 0),
    // How long after the largest paint, in this very load, the wasm was asked for.
    wasmAfter: wasm ? wasm.networkRequestTime - painted : undefined,
    accessibility: 100 * lhr.categories.accessibility.score,
    faults: Object.values(lhr.audits).filter(({ id, score, scoreDisplayMode }) => scoreDisplayMode === "binary" && score === 0 && lhr.categories.accessibility.auditRefs.some((ref) => ref.id === id)).map(({ id }) => id),
  };
}

const middle = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const range = (values, digits = 0) => `${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)}`;

const served = new Served();
const secret = await served.start();
const still = await floor();
const chrome = await chromeLauncher.launch({
  chromePath: process.env.LEITAI_CHROMIUM,
  chromeFlags: ["--headless=new", "--no-sandbox", "--lang=zh-CN"],
});
const missed = [];
try {
  const body = JSON.stringify({ secret, name: "bench", password: "correct horse battery" });
  const headers = { "content-type": "application/json" };
  const { bearer } = await (await fetch(`${served.base}/api/set-up`, { method: "POST", headers, body })).json();
  const pages = { floor: still.url };
  for (const rows of SIZES) pages[`board of ${rows} rows`] = await board(served, bearer, rows);
  const seen = Object.fromEntries(Object.keys(pages).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, url] of Object.entries(pages)) seen[name].push(await look(url, chrome.port));
  }
  const of = (name, figure) => seen[name].map((one) => one[figure]);
  console.log(`| page | LCP, median (range) of ${ROUNDS} | × floor | blocked | bytes in all | layout shift | wasm asked for after the LCP | accessibility |`);
  console.log("|---|---|---|---|---|---|---|---|");
  for (const name of Object.keys(pages)) {
    const [lcp, bytes, shift] = ["lcp", "bytes", "shift"].map((figure) => middle(of(name, figure)));
    const floors = lcp / middle(of("floor", "lcp"));
    const wasm = name === "floor" ? "none" : `${range(of(name, "wasmAfter"))} ms`;
    const access = Math.min(...of(name, "accessibility"));
    console.log(
      `| ${name} | ${lcp.toFixed(0)} ms (${range(of(name, "lcp"))}) | ${floors.toFixed(2)} | ${middle(of(name, "blocked")).toFixed(0)} ms | ${bytes} | ${shift.toFixed(4)} | ${wasm} | ${access.toFixed(0)} |`,
    );
    if (name === "floor") continue;
    const fails = (is, what) => is && missed.push(`${name}: ${what}`);
    fails(floors > GOALS.floors, `LCP is ${floors.toFixed(2)} × the floor`);
    fails(bytes > GOALS.bytes, `${bytes} bytes`);
    fails(Math.max(...of(name, "shift")) > GOALS.shift, `the layout shifts: ${[...new Set(seen[name].flatMap(({ shifted }) => shifted))].join(" ")}`);
    fails(!(Math.min(...of(name, "wasmAfter")) > 0), "the wasm comes before the largest paint");
    fails(access < GOALS.accessibility, `accessibility ${access}: ${seen[name][0].faults.join(", ")}`);
  }
} finally {
  await chrome.kill();
  still.stop();
  await served.stop();
}
console.log(missed.length ? `missed: ${missed.join("; ")}` : "every goal is met");
