// The judge's app at the real program: every kind of aspect, judges who disagree, networks that go
// away, servers that die, and other programs that answer in their place.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createPublicKey, verify } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { chromium } from "playwright-core";
import { setFactor } from "./factor.mjs";
import { Renewed, Served } from "./served.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const TABLET = { width: 1024, height: 768 };
const LARGE = { width: 1366, height: 1024 };
const PHONE = { width: 390, height: 844 };
// What judges hold in their hands.
const SIZES = Object.entries({ tablet: TABLET, "large tablet": LARGE, phone: PHONE });
const PATIENCE = 20_000;
const CODES = ["K01", "K02", "K03", "K04"];
// A1 and A2 are measured by the panel; B1 is scored by each judge; C1 has many small aspects.
const ASPECTS = [
  ["A1.01", "A1", "measurement", "尺寸合格", "10.00", "pass_fail", ""],
  ["A1.02", "A1", "measurement", "裁判长给分", "10.00", "direct", ""],
  ["A1.03", "A1", "measurement", "合格焊缝数", "8.00", "number_completed", '{"possible":8}'],
  ["A1.04", "A1", "measurement", "表面夹渣", "6.00", "choice", '{"choices":[{"label":"无","deduction":0},{"label":"一处","deduction":3},{"label":"多处","deduction":6}]}'],
  ["A1.05", "A1", "measurement", "总长 120 mm", "6.00", "ranged", '{"target":120,"bands":[{"lower":0,"upper":0.5,"deduction":0},{"lower":0.5,"upper":1,"deduction":3}]}', "mm"],
  ["A1.06", "A1", "measurement", "外观缺陷数", "10.00", "difference", '{"target":0,"per":1,"deduction":2}'],
  ["B1.01", "B1", "judgement", "焊缝成形", "10.00", "", ""],
  ["B1.02", "B1", "panel", "整体印象", "20.00", "", ""],
  ...Array.from({ length: 50 }, (_, at) => [`C1.${String(at + 1).padStart(2, "0")}`, "C1", "measurement", `检查点 ${at + 1}`, "0.40", "pass_fail", ""]),
];

const served = new Served();
let browser;
let bearer;
let skill;
let pages = [];

before(async () => {
  const secret = await served.start();
  served.hasAccount = true;
  const account = { secret, name: "desk", password: "correct horse battery" };
  ({ bearer } = await ask("POST", "/api/set-up", account));
  await competition();
  browser = await chromium.launch({ executablePath: process.env.LEITAI_CHROMIUM, args: ["--no-sandbox"] });
});

after(async () => {
  await browser?.close();
  await served.stop();
});

afterEach(async () => {
  for (const page of pages) {
    assert.deepEqual(page.complaints, [], "a page complained");
    await page.context().close();
  }
  pages = [];
});

// What the organisers' program asks for.
async function ask(method, path, body, type = "application/json") {
  const headers = bearer ? { authorization: `Bearer ${bearer}` } : {};
  if (body) headers["content-type"] = type;
  const answer = await fetch(served.base + path, { method, headers, body: type === "application/json" && body ? JSON.stringify(body) : body });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
  return text && answer.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text;
}

// A fresh competition of one open skill with three judges; each test marks in one of its own.
async function competition() {
  const folder = join(served.folder, `package-${Math.random()}`);
  mkdirSync(join(folder, "skills/welding"), { recursive: true });
  const put = (name, ...lines) => writeFileSync(join(folder, name), `${lines.join("\n")}\n`);
  const csv = (cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",");
  put("competition.toml", 'edition = "2026"', 'tier = "city"', 'host = "h"', 'dates = ["2026-05-09"]', 'rule_set = "worldskills-2026"', 'language = "zh"', "[name]", 'zh = "裁判台测试赛"', 'en = "Judges\' trial"');
  put("skills/welding/skill.toml", 'number = "01"', "[name]", 'zh = "焊接"', 'en = "Welding"');
  put("skills/welding/competitors.csv", "code,name", ...CODES.map((code, at) => `${code},选手${at}`));
  put("skills/welding/judges.csv", "code,name,organisation,role", "J1,马建华,甲,judge", "J2,胡爱民,乙,judge", "J3,林晓峰,丙,judge");
  put(
    "skills/welding/aspects.csv",
    "id,criterion,criterion_name,sub_criterion,sub_criterion_name,type,description,max,calculation,parameters,score_min,score_max,score_step,drop_high,drop_low,factor,rung_0,rung_1,rung_2,rung_3,measured_in",
    ...ASPECTS.map(([id, sub, type, about, max, calculation, parameters, unit = ""]) =>
      csv([
        ...[id, sub[0], `项 ${sub[0]}`, sub, `子项 ${sub}`, type, about, max, calculation, parameters],
        ...(type === "panel" ? ["0", "10", "0.5", "0", "0", "2"] : ["", "", "", "", "", ""]),
        ...(type === "judgement" ? ["成形差", "达到标准", "均匀美观", "全长一致"] : ["", "", "", ""]),
        unit,
      ]),
    ),
  );
  const zip = `${folder}.zip`;
  execFileSync("python3", ["-m", "zipfile", "-c", zip, "competition.toml", "skills"], { cwd: folder });
  const made = await ask("POST", "/api/competitions", readFileSync(zip), "application/zip");
  const shown = await ask("GET", `/api/competitions/${made.competition.id}`);
  skill = shown.skills[0].skill.id;
  await ask("PATCH", `/api/competitions/${made.competition.id}`, { is_public: true });
  await ask("PATCH", `/api/skills/${skill}`, { policy: "running" });
  await ask("POST", `/api/skills/${skill}/act`, { act: "open" });
  return made.competition.id;
}

// A judge's device in a browser of its own, signed in by a card.
async function judge(code, { size = TABLET, language = "zh-CN", seals = true, before, ...options } = {}) {
  const context = await browser.newContext({ viewport: size, locale: language, baseURL: served.base, ...options });
  // As over plain HTTP, where a browser encrypts nothing.
  if (!seals) await context.addInitScript(() => Object.defineProperty(window, "leitaiKeys", { set() {} }));
  const page = await context.newPage();
  await before?.(page);
  page.setDefaultTimeout(PATIENCE);
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(error.message));
  pages.push(page);
  // Everything that the server tells this device, from before its first socket on.
  page.frames = [];
  page.told = [];
  page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => page.frames.push(String(payload))));
  page.on("response", (answer) => {
    if (answer.url().endsWith("/api/judge/sheets") && answer.ok()) page.told.push(answer.json().catch(() => null));
  });
  await signIn(page, await ask("POST", `/api/skills/${skill}/cards`, { judge: code }));
  return page;
}

// Signs a page in by a card.
async function signIn(page, { code, pin }) {
  page.pin = pin;
  await page.goto(`/judge#${code}`);
  await page.locator(".pin").fill(pin);
  await tap(page, page.locator("button[type=submit]"));
  await page.locator(".home .form").first().waitFor();
}

// A page that opens anew asks for the PIN.
async function unlock(page) {
  await page.locator(".unlock .pin").fill(page.pin);
  await tap(page, page.locator(".unlock .primary"));
  await page.locator(".unlock").waitFor({ state: "detached" });
}
async function reload(page) {
  await page.reload();
  await unlock(page);
}

// Another tab of a page's browser.
async function another(page) {
  const tab = await page.context().newPage();
  tab.setDefaultTimeout(PATIENCE);
  tab.pin = page.pin;
  tab.complaints = [];
  tab.on("pageerror", (error) => tab.complaints.push(error.message));
  return tab;
}

// Opens a competitor's sheet of a form.
async function open(page, form, code) {
  await tap(page, page.locator(".form", { hasText: form }).locator(".competitor", { hasText: code }));
  await page.locator(".who .code", { hasText: code }).waitFor();
  await page.waitForFunction(() => document.activeElement?.closest(".card"));
}

// The aspect that the card shows.
const aspect = (page) => page.locator(".aspect .mono").innerText();
// The card shows an aspect and has the keys, which come to it a frame after it is shown.
const at = async (page, id) => {
  await page.locator(".aspect .mono", { hasText: id }).waitFor();
  await page.waitForFunction(() => document.activeElement?.closest(".card"));
};
const home = (page) => page.locator(".back").click();
// It is known while the bar shows how to undo, too.
const received = (page) =>
  page.waitForFunction(() => /全部评分服务器已收到|the server has every mark/.test(document.querySelector(".sync").textContent));
// Takes a page's network away. A browser told so lets open sockets be, so they are cut as well.
const away = async (page) => {
  await page.context().setOffline(true);
  await served.cut();
  await served.start();
  await page.locator(".bar.down").waitFor();
};
const shot = (page, name) => process.env.LEITAI_SHOTS && page.screenshot({ path: `${process.env.LEITAI_SHOTS}/${name}.png` });
const stored = (page, words) =>
  page.waitForFunction((words) => document.querySelector(".sync")?.textContent.includes(words), words);
// A tap that is not taken for the second of a trembling hand.
const tap = async (page, locator) => {
  await locator.click();
  await page.waitForTimeout(320);
};
const until = async (is) => {
  for (let tries = 0; tries < PATIENCE / 100; tries++) {
    if (await is()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail("in time");
};
const results = async () => {
  const list = await ask("GET", "/api/competitions");
  for (const { competition } of list) {
    const shown = await ask("GET", `/api/competitions/${competition.id}`);
    if (shown.skills[0].skill.id === skill) return { shown, rows: await ask("GET", `/api/competitions/${competition.id}/results`), id: competition.id };
  }
};
// Every mark in the ledger, by an export.
async function marks() {
  const { id } = await results();
  const zip = join(served.folder, `export-${Math.random()}.zip`);
  const headers = { authorization: `Bearer ${bearer}` };
  const answer = await fetch(`${served.base}/api/competitions/${id}/export`, { headers });
  writeFileSync(zip, Buffer.from(await answer.arrayBuffer()));
  const ledger = execFileSync("python3", ["-c", "import sys,zipfile;z=zipfile.ZipFile(sys.argv[1]);print(z.read([n for n in z.namelist() if n.endswith('ledger.ndjson')][0]).decode())", zip], { encoding: "utf8", maxBuffer: 1 << 28 });
  return ledger.trim().split("\n").map((line) => JSON.parse(line).entry).filter((entry) => entry.body.mark);
}

test("every kind of aspect is marked by taps, on a tablet and on a phone", async () => {
  await competition();
  const page = await judge("J1", { size: LARGE });
  await open(page, "子项 A1", "K01");
  await at(page, "A1.01");
  await tap(page, page.locator(".answer.yes"));
  await at(page, "A1.02");
  await page.locator(".card input").fill("７，５");
  await page.locator(".said", { hasText: "7.50" }).waitFor();
  await tap(page, page.locator(".give"));
  await at(page, "A1.03");
  await tap(page, page.locator(".answer", { hasText: "6" }));
  await at(page, "A1.04");
  await tap(page, page.locator(".answer", { hasText: "一处" }));
  await at(page, "A1.05");
  for (const key of ["1", "2", "0", ".", "7"]) await page.locator(".key", { hasText: new RegExp(`^[${key}]$`) }).click();
  await page.locator(".said", { hasText: "3.00" }).waitFor();
  await tap(page, page.locator(".give"));
  await at(page, "A1.06");
  await page.locator(".card input").fill("50");
  await page.locator(".odd").waitFor();
  await page.locator(".card input").fill("1");
  await tap(page, page.locator(".give"));
  await page.locator(".finished").waitFor();
  await received(page);
  const phone = await judge("J2", { size: PHONE });
  await open(phone, "子项 B1", "K01");
  await tap(phone, phone.locator(".answer", { hasText: "均匀美观" }));
  await at(phone, "B1.02");
  await phone.locator(".card", { hasText: "缺席的不计，" }).waitFor();
  await phone.locator(".wholes button", { hasText: /^8$/ }).click();
  await phone.locator(".key", { hasText: "+" }).click();
  await phone.locator(".give", { hasText: "8.5" }).click();
  await phone.locator(".finished").waitFor();
  await received(phone);
  const said = (await marks()).map(({ body: { mark } }) => [mark.aspect, mark.value.number ?? mark.value.choice]);
  assert.deepEqual(said, [
    ["A1.01", "1"],
    ["A1.02", "7.5"],
    ["A1.03", "6"],
    ["A1.04", "一处"],
    ["A1.05", "120.7"],
    ["A1.06", "1"],
    ["B1.01", "2"],
    ["B1.02", "8.5"],
  ]);
});

test("two judges mark a newcomer's competition to its end; the board moves, and the export verifies", async () => {
  const made = await ask("POST", "/api/competitions/small", {
    name: "厂内练兵",
    skill: "焊工",
    rule_set: "panel-sum",
    competitors: "李明远，一车间\n王秀兰，二车间\n赵国强，三车间",
    judges: "郑卫东，总工会\n马建华，质检院\n胡爱民，技校",
    aspects: "焊缝尺寸，40，测量\n外观，40，测量\n工艺，20，评判",
  });
  const { id } = made.competition;
  const shown = await ask("GET", `/api/competitions/${id}`);
  skill = shown.skills[0].skill.id;
  await ask("PATCH", `/api/competitions/${id}`, { is_public: true });
  await ask("PATCH", `/api/skills/${skill}`, { policy: "running", is_anonymous: false });
  await ask("POST", `/api/skills/${skill}/act`, { act: "open" });
  const board = await (await browser.newContext({ baseURL: served.base, locale: "zh-CN" })).newPage();
  board.complaints = [];
  pages.push(board);
  await board.goto(`/skill/${skill}`);
  await board.waitForSelector("html.is-running");
  await board.evaluate(() => (window.isSame = true));
  const [one, other] = [await judge("J2"), await judge("J3", { size: PHONE })];
  for (const [page, values] of [[one, ["10", "20", "1", "25", "30", "2", "40", "38", "3"]], [other, ["1", "2", "2"]]]) {
    for (const value of values) {
      const goOn = page.locator(".go-on");
      if (await goOn.isVisible()) await tap(page, goOn);
      await page.waitForFunction(() => document.activeElement?.closest(".card"));
      if (await page.locator(".card input").count()) {
        await page.locator(".card input").fill(value);
        await tap(page, page.locator(".give"));
      } else {
        await tap(page, page.locator(".answer", { hasText: value }));
      }
      if (await page.locator(".finished").isVisible()) await home(page);
    }
    await received(page);
    if (await page.locator(".back").isVisible()) await home(page);
    await page.locator(".all-done").waitFor();
  }
  const names = () => [...document.querySelectorAll('tr[data-key^="row:"] .name')].map((name) => name.innerText).join();
  await board.waitForFunction(`(${names})() === "赵国强,王秀兰,李明远"`);
  assert.ok(await board.evaluate(() => window.isSame), "without loading the page again");
  await setFactor(ask);
  for (const act of ["close", "release_official"]) await ask("POST", `/api/skills/${skill}/act`, { act });
  await board.locator(".status.official").waitFor();
  const rows = await ask("GET", `/api/competitions/${id}/results`);
  assert.deepEqual(rows.map(({ total, position }) => [total, position]), [["94.67", "1"], ["68.33", "2"], ["36.67", "3"]]);
  const zip = join(served.folder, "drill.zip");
  const answer = await fetch(`${served.base}/api/competitions/${id}/export`, { headers: { authorization: `Bearer ${bearer}` } });
  writeFileSync(zip, Buffer.from(await answer.arrayBuffer()));
  served.verify(zip);
});

test("a judge can do everything by keys", async () => {
  await competition();
  const page = await judge("J1");
  await page.locator(".go-on").focus();
  await page.keyboard.press("Enter");
  await at(page, "A1.01");
  await page.keyboard.press("1");
  await at(page, "A1.02");
  await page.keyboard.type("8,25");
  await page.keyboard.press("Enter");
  await at(page, "A1.03");
  await page.keyboard.press("5");
  await at(page, "A1.04");
  await page.keyboard.press("1");
  await at(page, "A1.05");
  await page.keyboard.press("ArrowUp");
  await at(page, "A1.04");
  await page.keyboard.press("u");
  await page.locator(".stands", { hasText: "未评" }).waitFor();
  await page.keyboard.press("ArrowRight");
  await page.locator(".who .code", { hasText: "K02" }).waitFor();
  await page.keyboard.press("Escape");
  await open(page, "子项 B1", "K03");
  await page.keyboard.press("3");
  await at(page, "B1.02");
  await received(page);
  const said = (await marks()).map(({ body: { mark } }) => `${mark.competitor} ${mark.aspect} ${mark.value.number ?? mark.value.choice ?? "taken back"}`);
  assert.deepEqual(said, ["K01 A1.01 1", "K01 A1.02 8.25", "K01 A1.03 5", "K01 A1.04 无", "K01 A1.04 taken back", "K03 B1.01 3"]);
});

test("a sheet is reviewed, declined and signed by keys", async () => {
  await competition();
  const page = await judge("J1");
  // Whatever has a name is reached by Tab, from the top, and pressed by Enter.
  const press = async (name) => {
    await page.evaluate(() => document.activeElement?.blur());
    for (let step = 0; step < 80; step++) {
      await page.keyboard.press("Tab");
      const here = await page.evaluate(() => document.activeElement?.matches("button, a, summary") && document.activeElement.innerText.trim());
      if (here && here.includes(name)) {
        await page.waitForTimeout(320);
        return page.keyboard.press("Enter");
      }
    }
    assert.fail(`no key leads to ${name}`);
  };
  await page.locator(".form", { hasText: "子项 A1" }).locator(".competitor", { hasText: "K01" }).press("Enter");
  await at(page, "A1.01");
  for (const [next, keys] of [["A1.02", ["1"]], ["A1.03", ["8", "Enter"]], ["A1.04", ["5"]], ["A1.05", ["1"]]]) {
    for (const key of keys) await page.keyboard.press(key);
    await at(page, next);
  }
  const last = page.locator(".finished");
  for (const [value, next] of [["120", "A1.06"], ["1", null]]) {
    await page.keyboard.type(value);
    await page.keyboard.press("Enter");
    if (next) await at(page, next);
  }
  await last.waitFor();
  await received(page);
  await press("核对并签字");
  await page.locator(".review").waitFor();
  await page.getByText("签字即确认").waitFor({ timeout: 10_000 });
  await press("我不签");
  await page.locator(".why").waitFor();
  await page.waitForTimeout(320);
  await page.keyboard.press("Enter");
  await page.getByText("您没有签这张表").waitFor();
  await received(page);
  // The button that was pressed is gone: keys work all the same.
  await page.keyboard.press("Escape");
  await page.locator(".sheet").waitFor();
  await press("核对");
  await page.locator(".review").waitFor();
  await page.getByRole("button", { name: "不手写，直接签字" }).waitFor();
  await page.waitForLoadState("networkidle");
  await press("不手写，直接签字");
  await page.getByText("您已签字").first().waitFor();
  await press("回到这张表");
  await page.locator(".sheet").waitFor();
  await press("显示");
  await press("退出登录");
  await page.getByRole("button", { name: "确定退出" }).waitFor();
});

test("steps faster than the screen stop nothing", async () => {
  await competition();
  const page = await judge("J1");
  await open(page, "子项 A1", "K01");
  for (let turn = 0; turn < 5; turn++) {
    await tap(page, page.locator(".across").last());
    await tap(page, page.locator(".across").first());
    // All within one frame.
    await page.evaluate(() => {
      for (let step = 0; step < 4; step++) document.querySelector(".turn button:last-child").click();
      for (let step = 0; step < 4; step++) document.querySelector(".turn button").click();
      document.querySelector(".back").click();
    });
    await open(page, "子项 A1", "K01");
  }
  await tap(page, page.locator(".answer.yes"));
  await received(page);
  assert.equal(await page.locator("html.has-failed").count(), 0);
});

test("one tap takes the last entry back, and a second tap at once is not taken", async () => {
  await competition();
  const page = await judge("J1");
  await open(page, "子项 A1", "K01");
  await at(page, "A1.01");
  await page.locator(".answer.yes").dblclick();
  await page.waitForTimeout(400);
  assert.equal(await aspect(page), "A1.02");
  await page.locator(".undo button").click();
  await at(page, "A1.01");
  await page.locator(".stands", { hasText: "未评" }).waitFor();
  await page.locator(".count", { hasText: "0 / 6" }).waitFor();
});

test("a value that stands is corrected with a reason, by taps and by keys, and not before one is given", async () => {
  await competition();
  const page = await judge("J1");
  await open(page, "子项 A1", "K01");
  await tap(page, page.locator(".answer.yes"));
  await at(page, "A1.02");
  // Within the time of the undo it is no correction.
  await tap(page, page.locator(".place", { hasText: "A1.01" }));
  await at(page, "A1.01");
  await tap(page, page.locator(".answer.no"));
  await at(page, "A1.02");
  await page.locator(".card input").fill("7.5");
  await tap(page, page.locator(".give"));
  await at(page, "A1.03");
  await tap(page, page.locator(".place", { hasText: "A1.01" }));
  await at(page, "A1.01");
  await tap(page, page.locator(".answer.yes"));
  await page.locator(".why .change", { hasText: /否 → 是/ }).waitFor();
  await audit(page, "a correction");
  await tap(page, page.locator(".why > button"));
  await page.locator(".stands strong", { hasText: "否" }).waitFor();
  await tap(page, page.locator(".answer.yes"));
  await tap(page, page.locator(".why .answer", { hasText: "看错了" }));
  await at(page, "A1.03");
  await page.keyboard.press("ArrowUp");
  await at(page, "A1.02");
  await page.locator(".card input").fill("8");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.closest(".reasons"));
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".card input").inputValue(), "8", "what was typed is there again");
  // So is whoever types: a key that is pressed within that frame goes nowhere.
  await page.waitForFunction(() => document.activeElement?.matches(".card input"));
  await page.keyboard.press("Enter");
  await page.locator(".why input").fill("卡尺没有归零");
  await page.keyboard.press("Enter");
  await at(page, "A1.03");
  await received(page);
  const said = (await marks()).map(({ body: { mark } }) => [mark.aspect, mark.value.number, typeof mark.reason]);
  assert.deepEqual(said, [
    ["A1.01", "1", "undefined"],
    ["A1.01", "0", "undefined"],
    ["A1.02", "7.5", "undefined"],
    ["A1.01", "1", "string"],
    ["A1.02", "8", "string"],
  ]);
});

test("judges score alone, one disagrees, they score again, and nobody is told another's score before all have scored", async () => {
  await competition();
  const panel = [await judge("J1"), await judge("J2", { size: PHONE }), await judge("J3", { size: LARGE })];
  const scores = ["3", "3", "1"];
  for (const [at, page] of panel.entries()) {
    await open(page, "子项 B1", "K02");
    await tap(page, page.locator(".answer", { hasText: scores[at] }));
    await received(page);
  }
  for (const [at, page] of panel.entries()) {
    await home(page);
    await page.locator(".competitor.disputed", { hasText: "K02" }).waitFor();
    await open(page, "子项 B1", "K02");
    await page.locator(".attention", { hasText: `您上一轮打了 ${scores[at]}` }).waitFor();
    await page.locator(".stands", { hasText: "未评" }).waitFor();
    await tap(page, page.locator(".answer", { hasText: "2" }));
    await received(page);
  }
  for (const page of panel) {
    await home(page);
    await page.locator(".form", { hasText: "子项 B1" }).locator(".competitor.begun", { hasText: "K02" }).waitFor();
  }
  const rounds = (await marks()).map(({ body: { mark } }) => `${mark.judge} ${mark.round} ${mark.value.number}`);
  assert.deepEqual(rounds, ["J1 1 3", "J2 1 3", "J3 1 1", "J1 2 2", "J2 2 2", "J3 2 2"]);
  for (const [at, page] of panel.entries()) {
    assert.ok(page.frames.some((text) => text.includes('"head"')), "heads were told");
    assert.ok(page.frames.every((text) => !text.includes('"value"')), "no value of anybody goes over a judge's socket");
    const told = (await Promise.all(page.told)).filter(Boolean);
    const cells = told.flatMap(({ forms }) => forms.flatMap(({ aspects, sheets }) => sheets.flatMap(({ cells }) => cells.filter((_, column) => aspects[column].id === "B1.01"))));
    const said = new Set(cells.flatMap(({ value, previous }) => [value, previous]).filter(Boolean).map(({ number }) => number));
    assert.ok(said.has(scores[at]), "the own score of the round before was told");
    assert.deepEqual([...said].filter((score) => ![scores[at], "2"].includes(score)), [], "nothing that only another said");
    // Only a round in which all three have scored is revealed, and then to all of them.
    const revealed = cells.flatMap(({ revealed }) => revealed ?? []);
    assert.ok(revealed.length && revealed.every(({ scores }) => scores.length === 3));
  }
});

test("a panel sees its scores once all are in, reviews, and signs exactly that; a correction voids what was signed", async () => {
  await competition();
  const panel = [await judge("J1"), await judge("J2", { size: PHONE }), await judge("J3")];
  for (const [at, page] of panel.entries()) {
    await page.bringToFront();
    assert.equal(await page.locator(".to-sign").count(), 0);
    await open(page, "子项 B1", "K01");
    await tap(page, page.locator(".answer.rung").nth(2));
    await page.locator(".card input").fill(["7", "8", "8.5"][at]);
    await tap(page, page.locator(".give"));
    await received(page);
    await tap(page, page.getByRole("button", { name: "核对并签字" }));
    if (at < 2) await page.locator(".sign-box", { hasText: "完整后才能签字" }).waitFor();
  }
  const codes = [];
  for (const page of panel) {
    await page.bringToFront();
    // What is not told by the socket is asked for on coming back to the page.
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await page.locator(".review li", { hasText: "B1.02" }).locator(".score", { hasText: "8.5" }).waitFor();
    codes.push(await page.locator(".digest strong").innerText());
    await tap(page, page.getByRole("button", { name: "不手写，直接签字" }));
    await page.locator(".sign-box", { hasText: "您已签字" }).waitFor();
  }
  assert.match(codes[0], /^[0-9A-F]{4} [0-9A-F]{4}$/);
  assert.ok(codes.every((code) => code === codes[0]), "all sign the same");
  const [one, two] = panel;
  await one.bringToFront();
  await home(one);
  await one.locator(".form", { hasText: "子项 B1" }).locator(".competitor.signed", { hasText: "K01" }).waitFor();
  await open(one, "子项 B1", "K01");
  await tap(one, one.locator(".answer.rung").nth(3));
  await tap(one, one.locator(".why .answer", { hasText: "商议后更改" }));
  await received(one);
  await two.bringToFront();
  await two.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await two.getByRole("button", { name: "不手写，直接签字" }).waitFor();
  assert.notEqual(await two.locator(".digest strong").innerText(), codes[0]);
  await audit(two, "the review, on a phone");
  await two.keyboard.press("Escape");
  await home(two);
  await two.locator(".to-sign", { hasText: "1 张评分表等您签字" }).waitFor();
});

test("a sheet can be signed as soon as its last mark is in, and a correction is signed as it stands", async () => {
  await competition();
  const page = await judge("J1");
  await open(page, "子项 A1", "K01");
  await tap(page, page.locator(".answer.yes"));
  await at(page, "A1.02");
  await page.locator(".card input").fill("7.5");
  await tap(page, page.locator(".give"));
  await at(page, "A1.03");
  await tap(page, page.locator(".answer", { hasText: "6" }));
  await at(page, "A1.04");
  await tap(page, page.locator(".answer", { hasText: "一处" }));
  await at(page, "A1.05");
  await page.locator(".card .unit", { hasText: "mm" }).waitFor();
  await page.locator(".card .rule", { hasText: "目标 120 mm" }).waitFor();
  await page.locator(".card input").fill("120.7");
  await tap(page, page.locator(".give"));
  await at(page, "A1.06");
  assert.equal(await page.locator(".card .unit").count(), 0, "what is counted in nothing");
  await page.locator(".card input").fill("1");
  await tap(page, page.locator(".give"));
  // Nothing hurries it: it is told far sooner than the sheets are asked for by themselves.
  const SOON = { timeout: 8_000 };
  await tap(page, page.getByRole("button", { name: "核对" }).first());
  await page.locator(".sign.plain").waitFor(SOON);
  assert.doesNotMatch(await page.locator(".review").innerText(), /等本组|还没评完/);
  const code = await page.locator(".digest strong").innerText();
  await tap(page, page.locator(".line", { hasText: "A1.01" }));
  await at(page, "A1.01");
  await tap(page, page.locator(".answer.no"));
  await tap(page, page.locator(".why .answer", { hasText: "看错了" }));
  await tap(page, page.getByRole("button", { name: "核对" }).first());
  await page.locator(".line", { hasText: "A1.05" }).locator("strong", { hasText: /^120\.7 mm$/ }).waitFor();
  await page.locator(".line", { hasText: "A1.01" }).locator(".says", { hasText: "改过" }).waitFor();
  await page.locator(".sign.plain").waitFor(SOON);
  assert.notEqual(await page.locator(".digest strong").innerText(), code);
  await tap(page, page.locator(".sign.plain"));
  await page.getByText("您已签字").first().waitFor();
  await received(page);
  assert.equal(await page.locator(".attention, .alarm").count(), 0);
});

test("a change while a sheet is open to be signed is said", async () => {
  await competition();
  const [page, other] = [await judge("J1"), await judge("J2")];
  await open(page, "子项 A1", "K01");
  await tap(page, page.locator(".answer.yes"));
  for (const [id, value] of [["A1.02", "7.5"], ["A1.03", null], ["A1.04", null], ["A1.05", "120.7"], ["A1.06", "1"]]) {
    await at(page, id);
    if (value) await page.locator(".card input").fill(value);
    await tap(page, value ? page.locator(".give") : page.locator(".answer").first());
  }
  await tap(page, page.getByRole("button", { name: "核对" }).first());
  await page.locator(".sign.plain").waitFor();
  await other.bringToFront();
  await open(other, "子项 A1", "K01");
  await at(other, "A1.01");
  await tap(other, other.locator(".answer.no"));
  await tap(other, other.locator(".why .answer", { hasText: "看错了" }));
  await received(other);
  await page.bringToFront();
  await page.locator(".warning", { hasText: "这张表刚有改动" }).waitFor();
});

test("a judge who will not sign says why, and can still sign", async () => {
  await competition();
  const page = await judge("J1", { size: PHONE });
  await open(page, "子项 C1", "K01");
  for (let mark = 0; mark < 50; mark++) await tap(page, page.locator(".answer.yes"));
  await received(page);
  await tap(page, page.getByRole("button", { name: "核对并签字" }));
  await tap(page, page.getByRole("button", { name: "我不签" }));
  await page.locator(".why", { hasText: "K01 · C1" }).waitFor();
  await audit(page, "why a sheet is not signed");
  await tap(page, page.locator(".why > button"));
  await tap(page, page.getByRole("button", { name: "我不签" }));
  await tap(page, page.locator(".why .answer", { hasText: "没有按规则" }));
  await page.locator(".sign-box", { hasText: "您没有签这张表" }).waitFor();
  await home(page);
  await page.locator(".competitor", { hasText: "未签" }).waitFor();
  assert.equal(await page.locator(".to-sign").count(), 0, "it waits for the chief judge");
  await open(page, "子项 C1", "K01");
  await tap(page, page.getByRole("button", { name: "核对并签字" }));
  await tap(page, page.getByRole("button", { name: "不手写，直接签字" }));
  await page.locator(".sign-box", { hasText: "您已签字" }).waitFor();
});

for (const [name, size] of SIZES) {
  test(`200 marks without a network, closed and opened again without one, arrive once each (${name})`, async () => {
    await competition();
    const page = await judge("J1", { size });
    await page.waitForFunction(() => navigator.serviceWorker.controller);
    const context = page.context();
    await away(page);
    for (const code of CODES) {
      await open(page, "子项 C1", code);
      for (let count = 0; count < 50; count++) {
        await page.locator(".card").press(count % 2 ? "0" : "1");
      }
      await page.locator(".finished").waitFor();
      await home(page);
    }
    await stored(page, "200 项存在本机");
    await page.close();
    const again = await context.newPage();
    again.setDefaultTimeout(PATIENCE);
    again.complaints = [];
    pages = [again];
    await again.goto("/judge");
    again.pin = page.pin;
    await unlock(again);
    await stored(again, "200 项存在本机");
    await again.locator(".form", { hasText: "子项 C1" }).locator(".count", { hasText: "200/200" }).waitFor();
    assert.equal((await marks()).length, 0);
    await context.setOffline(false);
    await received(again);
    const entered = await marks();
    assert.equal(entered.length, 200);
    assert.equal(new Set(entered.map(({ id }) => id)).size, 200);
    assert.deepEqual(entered.map(({ dseq }) => dseq), Array.from({ length: 200 }, (_, at) => at + 1));
    assert.ok(entered.every(({ status }) => status === "accepted"));
  });
}

test("what a tablet cannot send any more is exported, whole and signed, with what it keeps besides", async () => {
  await competition();
  const page = await judge("J1");
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await open(page, "子项 C1", "K01");
  await tap(page, page.locator(".answer.yes"));
  await received(page);
  await away(page);
  for (let mark = 0; mark < 3; mark++) await tap(page, page.locator(".answer.yes"));
  await stored(page, "3 项存在本机");
  await page.locator(".settings summary").click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "导出没有上传的评分" }).click()]);
  assert.equal(download.suggestedFilename(), "leitai-J1-3.json");
  const file = JSON.parse(readFileSync(await download.path(), "utf8"));
  assert.deepEqual([file.format, file.v, file.outboxes.length, file.outboxes[0].who.judge], ["leitai-outbox", 1, 1, "J1"]);
  const waiting = file.outboxes[0].kept.filter(({ confirmed }) => confirmed === null);
  const said = waiting.map(({ submission }) => [submission.dseq, submission.body.mark.aspect, submission.device_signature.length]);
  assert.deepEqual(said, [[2, "C1.02", 128], [3, "C1.03", 128], [4, "C1.04", 128]]);
  await page.locator(".notices", { hasText: "已导出 3 项" }).waitFor();
  await page.context().setOffline(false);
  await received(page);
  assert.equal(await page.getByRole("button", { name: "导出没有上传的评分" }).count(), 0);
});

for (const [name, size] of SIZES) {
  test(`a server that dies under the marks gets each of them once when it is back (${name})`, async () => {
    await competition();
    const page = await judge("J1", { size });
    await open(page, "子项 C1", "K01");
    for (let count = 0; count < 12; count++) {
      await page.locator(".card").press("1");
      if (count === 4) await served.cut();
    }
    await page.locator(".bar.down").waitFor();
    await served.start();
    await received(page);
    const entered = await marks();
    assert.deepEqual(entered.map(({ dseq }) => dseq), Array.from({ length: 12 }, (_, at) => at + 1));
  });
}

test("what the tablet keeps of marks cannot be read without the PIN, and opens with it without a network", async () => {
  await competition();
  const page = await judge("J1", { language: "en" });
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  await away(page);
  await open(page, "子项 B1", "K01");
  await tap(page, page.locator(".answer", { hasText: "均匀美观" }));
  await stored(page, "1 saved on this device");
  const kept = await page.evaluate(async () => {
    const database = await new Promise((resolve) => (indexedDB.open("leitai").onsuccess = ({ target }) => resolve(target.result)));
    const table = database.transaction("kept").objectStore("kept");
    const answer = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
    const [names, values] = [await answer(table.getAllKeys()), await answer(table.getAll())];
    const readable = values.map((value) => (value instanceof Uint8Array ? new TextDecoder().decode(value) : JSON.stringify(value)));
    const isSealed = (_, at) => values[at] instanceof Uint8Array;
    const part = (is) => readable.filter((_, at) => isSealed(_, at) === is).join("\n");
    return { names, open: part(false), closed: part(true), sealed: names.filter(isSealed) };
  });
  for (const beginning of ["outbox:", "sheets:", "about:"]) {
    const of = kept.names.filter((name) => name.startsWith(beginning));
    assert.ok(of.length > 0 && of.every((name) => kept.sealed.includes(name)), `${beginning} ${kept.names}`);
  }
  assert.doesNotMatch(kept.open, /B1\.01|马建华|K01/);
  // Thirty thousand bytes of cipher hold any three letters once in some hundred runs; these are longer.
  assert.doesNotMatch(kept.closed, /B1\.01|马建华|"K01"/);
  await page.reload();
  await page.locator(".unlock .pin").fill(page.pin === "000000" ? "000001" : "000000");
  await page.locator(".unlock .primary").click();
  await page.locator(".problem", { hasText: "not the PIN" }).waitFor();
  assert.equal(await page.locator(".home, .bar .sync").filter({ visible: true }).count(), 0);
  // Full-width digits, as a Chinese keyboard gives them.
  page.pin = page.pin.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit)));
  await unlock(page);
  await stored(page, "1 saved on this device");
  // Whoever lays the tablet down can lock it; what waits is sent all the same.
  await open(page, "子项 B1", "K02");
  await page.locator(".settings summary").click();
  await page.getByRole("button", { name: "Lock" }).click();
  await page.locator(".unlock").waitFor();
  await page.context().setOffline(false);
  await until(async () => (await marks()).length === 1);
  await unlock(page);
  await page.locator(".who .code", { hasText: "K02" }).waitFor();
});

test("a page that nobody saw for five minutes asks for the PIN", async () => {
  await competition();
  const page = await judge("J1");
  await page.evaluate(() => {
    window.state = "visible";
    Object.defineProperty(document, "visibilityState", { get: () => window.state });
    window.show = (state) => {
      window.state = state;
      document.dispatchEvent(new Event("visibilitychange"));
    };
    const now = Date.now;
    window.later = (ms) => (Date.now = () => now() + ms);
  });
  const away = async (ms) => {
    await page.evaluate((ms) => {
      window.show("hidden");
      window.later(ms);
      window.show("visible");
    }, ms);
  };
  await away(299_000);
  assert.equal(await page.locator(".unlock").count(), 0);
  // A network that comes back while nobody looks does not make it new.
  await page.evaluate(() => {
    window.show("hidden");
    window.later(299_000 + 200_000);
    window.dispatchEvent(new Event("online"));
    window.later(299_000 + 301_000);
    window.show("visible");
  });
  await page.locator(".unlock").waitFor();
  assert.equal(await page.locator(".notices").isVisible(), false, "nothing of anybody is told");
  await unlock(page);
  await page.locator(".home .form").first().waitFor();
  // Who does not know the PIN shows another card, and goes on with what this one left.
  await away(299_000 + 602_000);
  await page.locator(".unlock .quiet").click();
  const card = await ask("POST", `/api/skills/${skill}/cards`, { judge: "J1" });
  await page.locator("input[name=code]").fill(card.code);
  await page.locator(".pin").fill(card.pin);
  await tap(page, page.locator("button[type=submit]"));
  await page.locator(".home .form").first().waitFor();
  await open(page, "子项 A1", "K01");
  await tap(page, page.locator(".answer.yes"));
  await received(page);
  assert.deepEqual((await marks()).map(({ dseq }) => dseq), [1]);
});

for (const [name, size] of SIZES) {
  test(`a server killed between a mark's commit and its receipt has it once (${name})`, async () => {
    await competition();
    let holds = false;
    const before = (page) =>
      page.routeWebSocket(/./, (socket) => {
        const server = socket.connectToServer();
        server.onMessage((message) => holds || socket.send(message));
      });
    const page = await judge("J1", { size, before });
    await received(page);
    await open(page, "子项 A1", "K01");
    holds = true;
    await tap(page, page.locator(".answer.yes"));
    await page.locator(".place", { hasText: "A1.01" }).locator(".shape", { hasText: "◔" }).waitFor();
    // It is committed, and its tablet does not know.
    for (let look = 0; (await marks()).length === 0; look++) {
      assert.ok(look < 100, "it is never entered");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await served.cut();
    holds = false;
    await served.start();
    await received(page);
    assert.deepEqual((await marks()).map(({ dseq, status }) => [dseq, status]), [[1, "accepted"]]);
  });
}

for (const [name, size] of SIZES) {
  test(`a captive portal's 200 is no receipt (${name})`, async () => {
    await competition();
    const page = await judge("J1", { size });
    const portal = (route) => route.fulfill({ status: 200, contentType: "text/html", body: "<html>请登录无线网络</html>" });
    await page.route("**/api/**", portal);
    await served.cut();
    await served.start();
    await open(page, "子项 A1", "K01");
    await tap(page, page.locator(".answer.yes"));
    await stored(page, "1 项存在本机");
    await page.waitForTimeout(3_000);
    await page.locator(".place", { hasText: "A1.01" }).locator(".shape", { hasText: "◔" }).waitFor();
    assert.equal((await marks()).length, 0);
    await page.unroute("**/api/**");
    // On a phone the undo has the button's place, and the connection comes back by itself.
    if (size !== PHONE) await page.locator(".bar button", { hasText: "立即重连" }).click();
    await received(page);
    assert.equal((await marks()).length, 1);
  });
}

test("two judges who meet in one cell see both values, and nothing is replaced silently", async () => {
  await competition();
  const [one, other] = [await judge("J1"), await judge("J2")];
  await away(one);
  await open(one, "子项 A1", "K04");
  await tap(one, one.locator(".answer.yes"));
  await open(other, "子项 A1", "K04");
  await tap(other, other.locator(".answer.no"));
  await received(other);
  await one.context().setOffline(false);
  await received(one);
  await one.locator(".doubtful", { hasText: "1 项没有计入" }).waitFor();
  // It is told until the judge has said something to it.
  await reload(one);
  await one.locator(".doubtful", { hasText: "1 项没有计入" }).waitFor();
  await one.locator(".warned .chip", { hasText: "K04 · A1.01" }).click();
  await one.waitForTimeout(320);
  const conflict = one.locator(".conflict");
  await conflict.locator("dd", { hasText: "是" }).waitFor();
  await conflict.locator("dd", { hasText: "否" }).waitFor();
  // Who, when, which device.
  const made = await conflict.locator("dd.mono").allInnerTexts();
  await audit(one, "two values");
  assert.match(made[0], /^J1 · \d\d:\d\d:\d\d · ….{4}$/);
  assert.match(made[1], /^J2 · \d\d:\d\d:\d\d · ….{4}$/);
  assert.notEqual(made[0].slice(-4), made[1].slice(-4));
  // The one whose value stands is told as well.
  await other.bringToFront();
  await other.locator(".place", { hasText: "A1.01" }).click();
  await other.locator(".waits", { hasText: "裁判长决定 J1 的另一个值是否计入" }).waitFor({ timeout: 5_000 });
  await one.bringToFront();
  await conflict.getByRole("button", { name: "请裁判长定" }).waitFor();
  await conflict.getByRole("button", { name: "用我的" }).click();
  await conflict.waitFor({ state: "detached" });
  await received(one);
  await other.locator(".place", { hasText: "A1.01" }).locator(".value", { hasText: "是" }).waitFor();
  const entered = await marks();
  assert.deepEqual(entered.map(({ status }) => status), ["accepted", "conflict", "accepted"]);
  // It is settled: nothing waits for anybody.
  await other.bringToFront();
  await other.locator(".waits").waitFor({ state: "detached", timeout: 5_000 });
});

test("a judge takes what stands there, or leaves it to the chief judge, and only that keeps a sheet from being signed", async () => {
  await competition();
  const [one, other] = [await judge("J1"), await judge("J2")];
  const meet = async (code) => {
    await away(one);
    await open(one, "子项 A1", code);
    await tap(one, one.locator(".answer.yes"));
    await open(other, "子项 A1", code);
    await tap(other, other.locator(".answer.no"));
    await received(other);
    await one.bringToFront();
    await one.context().setOffline(false);
    await received(one);
    await one.locator(".doubtful", { hasText: "1 项没有计入" }).waitFor();
    await home(one);
    await tap(one, one.locator(".warned .chip", { hasText: `${code} · A1.01` }));
    await one.locator(".conflict").waitFor();
  };
  await meet("K04");
  await tap(one, one.locator(".conflict").getByRole("button", { name: "用现在的" }));
  await one.locator(".conflict").waitFor({ state: "detached" });
  await received(one);
  await one.locator(".stands strong", { hasText: "否" }).waitFor();
  await one.locator(".card .waits").waitFor({ state: "detached", timeout: 5_000 });
  assert.deepEqual((await marks()).map(({ status }) => status), ["accepted", "conflict", "accepted"]);
  await home(one);
  await home(other);
  await meet("K03");
  await tap(one, one.locator(".conflict").getByRole("button", { name: "请裁判长定" }));
  await one.locator(".card .waits", { hasText: "裁判长决定 J1 的另一个值是否计入" }).waitFor({ timeout: 5_000 });
});

test("what a device enters is signed by a key of its own that nobody can read, and a lost key is made anew", async () => {
  await competition();
  const page = await judge("J1");
  await open(page, "子项 A1", "K01");
  await tap(page, page.locator(".answer.yes"));
  await received(page);
  const pair = (act) =>
    page.evaluate(async (act) => {
      const answer = (request) => new Promise((resolve, reject) => Object.assign(request, { onsuccess: () => resolve(request.result), onerror: reject }));
      const table = (await answer(indexedDB.open("leitai"))).transaction("kept", "readwrite").objectStore("kept");
      if (act === "forget") return answer(table.delete("key"));
      const { privateKey } = await answer(table.get("key"));
      return [privateKey.extractable, await crypto.subtle.exportKey("jwk", privateKey).catch(() => "refused")];
    }, act);
  assert.deepEqual(await pair(), [false, "refused"]);
  await pair("forget");
  await reload(page);
  await open(page, "子项 A1", "K02");
  await tap(page, page.locator(".answer.no"));
  await received(page);
  // From the database alone, by another program's cryptography.
  const read = `
import json,sqlite3,sys
db=sqlite3.connect(sys.argv[1])
keys=db.execute("SELECT key FROM device_key JOIN enrolment ON enrolment.id=enrolment_id WHERE skill_id=? ORDER BY since",[sys.argv[2]])
entries=db.execute("SELECT entry,signature FROM ledger_entry JOIN ledger_signature USING (entry_id) WHERE ledger_id=? ORDER BY seq",[sys.argv[2]])
print(json.dumps([[key for key, in keys],[[json.loads(entry),signature] for entry,signature in entries]]))`;
  const [keys, signed] = JSON.parse(execFileSync("python3", ["-c", read, join(served.folder, "contest.db"), skill], { encoding: "utf8" }));
  assert.equal(keys.length, 2, "the key that was lost, and another");
  assert.deepEqual(signed.map(([entry]) => entry.body.mark.competitor), ["K01", "K02"]);
  for (const [at, [entry, signature]] of signed.entries()) {
    const { base, body, client_time, device, dseq, id, ledger } = entry;
    const text = `leitai submission 1\n${JSON.stringify({ base, body, client_time, device, dseq, id, ledger })}`;
    const point = Buffer.from(keys[at], "hex");
    const key = { kty: "EC", crv: "P-256", x: point.subarray(1, 33).toString("base64url"), y: point.subarray(33).toString("base64url") };
    const holds = (text) => verify("sha256", Buffer.from(text), { key: createPublicKey({ key, format: "jwk" }), dsaEncoding: "ieee-p1363" }, Buffer.from(signature, "hex"));
    assert.ok(holds(text), `the signature of ${body.mark.competitor}`);
    assert.ok(!holds(text.replace("K0", "K1")), "of nothing else");
  }
});

test("the app weighs 300 KB at the most, and can be installed", async () => {
  const page = await (await fetch(`${served.base}/judge`)).text();
  const all = [...page.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => path);
  // What a browser asks for before the app is there. Notes and some words come once somebody is signed in, and the pad
  // for signatures with the first review; they weigh for themselves.
  const first = await browser.newContext({ baseURL: served.base, serviceWorkers: "block" });
  const fresh = await first.newPage();
  const files = new Set();
  fresh.on("request", (request) => files.add(new URL(request.url()).pathname));
  await fresh.goto("/judge");
  await fresh.locator(".sign-in form").waitFor();
  await first.close();
  const later = all.filter((path) => /judge-notes|judge-words|signature-pad/.test(path) && !files.has(path));
  assert.equal(later.length, 3, `${[...files]}`);
  const weigh = (path) =>
    new Promise((resolve, reject) => {
      get(served.base + path, { headers: { "accept-encoding": "br" } }, (answer) => {
        let bytes = 0;
        answer.on("data", (chunk) => (bytes += chunk.length));
        answer.on("end", () => resolve(answer.statusCode === 200 ? bytes : Infinity));
      }).on("error", reject);
    });
  let bytes = 0;
  for (const path of [...files].filter((path) => !path.startsWith("/api/"))) bytes += await weigh(path);
  assert.ok([...files].some((path) => path.endsWith(".wasm")) && bytes <= 300_000, `${bytes} bytes`);
  for (const path of later) assert.ok((await weigh(path)) <= 8_000, path);
  const manifest = await (await fetch(`${served.base}/judge/manifest.webmanifest`)).json();
  assert.equal(manifest.display, "standalone");
  for (const { src } of manifest.icons) assert.equal((await fetch(served.base + src)).status, 200, src);
  const context = await browser.newContext({ baseURL: served.base });
  const opened = await context.newPage();
  await opened.goto("/judge");
  const session = await context.newCDPSession(opened);
  const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
  // A private window installs nothing; there is nothing else that it misses.
  assert.deepEqual(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito"), []);
  await context.close();
});

test("the screen is asked to stay on, and again whenever somebody comes back to the page", async () => {
  const page = await judge("J1");
  await page.addInitScript(() => {
    window.asked = [];
    const lock = navigator.wakeLock;
    const request = lock.request.bind(lock);
    lock.request = (kind) => request(kind).then(() => window.asked.push(kind));
  });
  await reload(page);
  await page.waitForFunction(() => window.asked.length === 1);
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await page.waitForFunction(() => window.asked.join() === "screen,screen");
});

test("the tab that was opened last marks, and the one before stops", async () => {
  await competition();
  const page = await judge("J1");
  await open(page, "子项 A1", "K01");
  await tap(page, page.locator(".answer.yes"));
  await received(page);
  const second = await another(page);
  // It has the key of the tab beside it.
  await second.goto("/judge");
  await second.locator(".competitor.begun", { hasText: "K01" }).waitFor();
  await page.getByText("已在另一个标签页评分").waitFor();
  await open(second, "子项 A1", "K01");
  await second.locator(".card input").fill("5");
  await tap(second, second.locator(".give"));
  await received(second);
  await page.bringToFront();
  await page.getByRole("button", { name: "回到这里评分" }).click();
  await page.locator(".competitor.begun", { hasText: "2/6" }).waitFor();
  await second.getByText("已在另一个标签页评分").waitFor();
  await open(page, "子项 A1", "K01");
  await tap(page, page.locator(".answer", { hasText: "6" }));
  await received(page);
  assert.deepEqual((await marks()).map(({ dseq, status }) => [dseq, status]), [[1, "accepted"], [2, "accepted"], [3, "accepted"]]);
});

test("a sign-out ends every tab of the browser, and none shows who was there", async () => {
  await competition();
  const page = await judge("J1");
  const second = await another(page);
  await second.goto("/judge");
  await second.locator(".home .form").first().waitFor();
  await page.getByText("已在另一个标签页评分").waitFor();
  await tap(second, second.locator(".settings summary"));
  await tap(second, second.getByRole("button", { name: "退出登录", exact: true }));
  await tap(second, second.getByRole("button", { name: "确定退出" }));
  await second.locator(".sign-in form").waitFor();
  await page.bringToFront();
  await tap(page, page.getByRole("button", { name: "回到这里评分" }));
  await page.locator(".sign-in form").waitFor();
  assert.doesNotMatch(await page.locator("main").innerText(), /J1|返回评分/);
});

test("a sign-out whose answer never came is over once the device is told, and can be finished", async () => {
  await competition();
  const page = await judge("J1");
  await page.route("**/api/judge", async (route) => {
    if (route.request().method() !== "DELETE") return route.continue();
    await route.fetch();
    await served.cut();
    return route.abort();
  });
  const leave = async () => {
    await tap(page, page.locator(".settings summary"));
    await tap(page, page.getByRole("button", { name: "退出登录", exact: true }));
    await tap(page, page.getByRole("button", { name: "确定退出" }));
  };
  await leave();
  await page.locator(".warning", { hasText: "可能还没有退出" }).waitFor();
  await page.unroute("**/api/judge");
  await served.start();
  await page.getByText("这台设备的登录已失效").waitFor();
  await leave();
  await page.locator(".sign-in form").waitFor();
  assert.equal(await page.locator(".warning").filter({ visible: true }).count(), 0);
});

test("a browser that another judge's card enrols is that judge's in every tab", async () => {
  await competition();
  const page = await judge("J1");
  const second = await another(page);
  const card = await ask("POST", `/api/skills/${skill}/cards`, { judge: "J2" });
  await signIn(second, card);
  await second.locator(".me .mono", { hasText: "J2" }).waitFor();
  await page.bringToFront();
  await page.getByRole("button", { name: "回到这里评分" }).click();
  await page.locator(".me .mono", { hasText: "J2" }).waitFor();
  // Alone, what J2 keeps is opened by J2's PIN, and not by that of J1.
  await second.close();
  await page.reload();
  await page.locator(".unlock .pin").fill(page.pin);
  await page.locator(".unlock .primary").click();
  await page.locator(".problem", { hasText: "PIN 不对" }).waitFor();
  page.pin = second.pin;
  await unlock(page);
  await page.locator(".me .mono", { hasText: "J2" }).waitFor();
  await open(page, "子项 B1", "K01");
  await tap(page, page.locator(".answer", { hasText: "均匀美观" }));
  await received(page);
  assert.deepEqual((await marks()).map(({ actor, body: { mark } }) => [actor, mark.judge]), [["J2", "J2"]]);
});

test("a page that was killed between the enrolment and its storing is the new judge's", async () => {
  await competition();
  const page = await judge("J1");
  const card = await ask("POST", `/api/skills/${skill}/cards`, { judge: "J3" });
  await page.evaluate(({ code, pin }) => fetch("/api/enrol", { method: "POST", headers: { "content-type": "application/json", accept: "application/json" }, body: JSON.stringify({ code, pin }) }), card);
  await page.reload();
  await page.locator(".me .mono", { hasText: "J3" }).waitFor();
  await open(page, "子项 B1", "K01");
  await tap(page, page.locator(".answer", { hasText: "均匀美观" }));
  await received(page);
  assert.deepEqual((await marks()).map(({ actor, body: { mark } }) => [actor, mark.judge]), [["J3", "J3"]]);
});

test("a store that cannot be read is not taken for an empty one", async () => {
  await competition();
  const page = await judge("J1");
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  await away(page);
  await open(page, "子项 A1", "K01");
  await tap(page, page.locator(".answer.yes"));
  await stored(page, "1 项存在本机");
  await page.evaluate(() => localStorage.setItem("test-fault", "read"));
  await page.addInitScript(() => {
    if (localStorage.getItem("test-fault") !== "read") return;
    window.getAll = IDBObjectStore.prototype.getAll;
    IDBObjectStore.prototype.getAll = () => {
      throw new DOMException("Internal error.", "UnknownError");
    };
  });
  await reload(page);
  await page.getByText("读不出本机保存的记录").waitFor();
  await page.evaluate(() => {
    localStorage.removeItem("test-fault");
    IDBObjectStore.prototype.getAll = window.getAll;
  });
  await page.getByRole("button", { name: "重新读取" }).click();
  await stored(page, "1 项存在本机");
  await page.context().setOffline(false);
  await received(page);
  assert.equal((await marks()).length, 1);
});

test("a database that does not open any more is not taken for a browser that keeps nothing", async () => {
  await competition();
  const page = await judge("J1");
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => ({});
  });
  await page.reload();
  await page.getByText("读不出本机保存的记录").waitFor();
});

test("what the device cannot save is said where the judge is, and can be entered again", async () => {
  await competition();
  const page = await judge("J1");
  await open(page, "子项 A1", "K01");
  await page.evaluate(() => {
    window.add = IDBObjectStore.prototype.add;
    IDBObjectStore.prototype.add = () => {
      throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
    };
  });
  await tap(page, page.locator(".answer.yes"));
  await stored(page, "1 项没有存下");
  assert.equal(await page.locator(".undo").count(), 0, "nothing was entered");
  await page.locator(".place.warned", { hasText: "A1.01" }).waitFor();
  await tap(page, page.locator(".doubtful"));
  await at(page, "A1.01");
  await page.evaluate(() => (IDBObjectStore.prototype.add = window.add));
  await page.getByRole("button", { name: "再记一次" }).click();
  await received(page);
  assert.deepEqual((await marks()).map(({ dseq }) => dseq), [1]);
});

test("a database that the browser closed is opened again", async () => {
  await competition();
  const page = await judge("J1");
  await open(page, "子项 A1", "K01");
  await page.evaluate(() => {
    const begin = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (...words) {
      IDBDatabase.prototype.transaction = begin;
      this.close();
      return begin.apply(this, words);
    };
  });
  await tap(page, page.locator(".answer.yes"));
  await received(page);
  assert.equal((await marks()).length, 1);
});

test("a double tap on a competitor marks nothing", async () => {
  await competition();
  for (const size of [PHONE, TABLET]) {
    const page = await judge("J1", { size });
    for (const form of ["子项 A1", "子项 B1", "子项 C1"]) {
      for (const code of CODES) {
        await page.locator(".form", { hasText: form }).locator(".competitor", { hasText: code }).dblclick();
        await page.locator(".who .code", { hasText: code }).waitFor();
        await page.waitForTimeout(320);
        await home(page);
      }
    }
    await received(page);
  }
  assert.deepEqual(await marks(), []);
});

test("a card that is scanned into the open tab begins anew with it", async () => {
  await competition();
  const page = await judge("J1");
  const card = await ask("POST", `/api/skills/${skill}/cards`, { judge: "J2" });
  // The same document: only what stands behind the # is another.
  await page.evaluate((code) => (location.hash = code), card.code);
  await page.locator(".notice-box", { hasText: "现在登记的裁判是 J1" }).waitFor();
  await page.locator(".pin").fill(card.pin);
  await page.locator("button[type=submit]").click();
  await page.locator(".me .mono", { hasText: "J2" }).waitFor();
});

test("a new version takes over between sheets, and never on one", async (t) => {
  await competition();
  const renewed = new Renewed(served);
  await renewed.start();
  t.after(() => renewed.stop());
  const context = await browser.newContext({ viewport: TABLET, locale: "zh-CN", baseURL: renewed.base });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  page.complaints = [];
  pages.push(page);
  await signIn(page, await ask("POST", `/api/skills/${skill}/cards`, { judge: "J1" }));
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  await reload(page);
  await open(page, "子项 A1", "K01");
  await page.evaluate(() => (window.isSame = true));
  renewed.version = "next";
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
  await page.waitForFunction(async () => (await navigator.serviceWorker.getRegistration()).waiting);
  await tap(page, page.locator(".answer.yes"));
  await received(page);
  assert.ok(await page.evaluate(() => window.isSame), "not while a sheet is open");
  await home(page);
  await page.waitForFunction(() => !window.isSame && document.querySelector(".unlock"));
  await unlock(page);
  await page.locator(".home .form").first().waitFor();
  const names = await page.evaluate(() => caches.keys());
  assert.equal(names.length, 1);
  assert.match(names[0], /next/);
});

test("an answer that the program cannot read is said, and marking goes on", async () => {
  await competition();
  const page = await judge("J1");
  await page.route("**/api/judge/sheets", (route) => route.fulfill({ status: 200, contentType: "application/json", body: '{"forms":"other"}' }));
  await open(page, "子项 A1", "K01");
  await tap(page, page.locator(".answer.yes"));
  await page.context().setOffline(true);
  await page.context().setOffline(false);
  await page.locator(".warning", { hasText: "服务器的版本比平板新" }).waitFor();
  await received(page);
  assert.equal((await marks()).length, 1);
});

test("of two tabs that open at once one marks, and never both", async () => {
  await competition();
  const page = await judge("J1");
  const second = await another(page);
  for (let turn = 0; turn < 6; turn++) {
    await Promise.all([page.goto("/judge"), second.goto("/judge")]);
    const places = [page, second].map((tab) => tab.locator(".home .form, .stage h1").first());
    await Promise.all(places.map((place) => place.waitFor()));
    const stopped = [page, second].map((tab) => tab.getByText("已在另一个标签页评分").count());
    assert.equal((await Promise.all(stopped)).reduce((all, one) => all + one), 1);
  }
});

test("what another tab wrote under the next number is read, and nothing is lost", async () => {
  await competition();
  const page = await judge("J1", { seals: false });
  await open(page, "子项 A1", "K01");
  await tap(page, page.locator(".answer.yes"));
  await received(page);
  // As a tab that had not ended its writing when this one began.
  await page.evaluate(async () => {
    const database = await new Promise((resolve) => (indexedDB.open("leitai").onsuccess = ({ target }) => resolve(target.result)));
    const table = database.transaction("kept", "readwrite").objectStore("kept");
    const names = await new Promise((resolve) => (table.getAllKeys().onsuccess = ({ target }) => resolve(target.result)));
    const name = names.find((name) => name.startsWith("outbox:"));
    const text = await new Promise((resolve) => (table.get(name).onsuccess = ({ target }) => resolve(target.result)));
    const kept = JSON.parse(text);
    kept.confirmed = null;
    kept.submission.dseq = 2;
    kept.submission.id = kept.submission.id.replace(/.$/, (digit) => (digit === "0" ? "1" : "0"));
    kept.submission.base = null;
    kept.submission.body.mark.competitor = kept.cell.competitor = "K03";
    await new Promise((resolve) => (table.put(JSON.stringify(kept), name.replace(/1$/, "2")).onsuccess = resolve));
    database.close();
  });
  await page.locator(".place", { hasText: "A1.03" }).click();
  await at(page, "A1.03");
  await page.keyboard.press("6");
  await stored(page, "1 项没有存下");
  await tap(page, page.locator(".doubtful"));
  await tap(page, page.getByRole("button", { name: "再记一次" }));
  await received(page);
  const said = (await marks()).map(({ dseq, status, body: { mark } }) => [dseq, mark.competitor, mark.aspect, status]);
  assert.deepEqual(said, [[1, "K01", "A1.01", "accepted"], [2, "K03", "A1.01", "accepted"], [3, "K01", "A1.03", "accepted"]]);
});

test("an unsent mark is shown over sheets that are told for the first time", async () => {
  await competition();
  const page = await judge("J1");
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  await away(page);
  await open(page, "子项 A1", "K01");
  await tap(page, page.locator(".answer.yes"));
  await stored(page, "1 项存在本机");
  await page.evaluate(async () => {
    const database = await new Promise((resolve) => (indexedDB.open("leitai").onsuccess = ({ target }) => resolve(target.result)));
    const table = database.transaction("kept", "readwrite").objectStore("kept");
    await new Promise((resolve) => (table.delete(IDBKeyRange.bound("sheets:", "sheets:~")).onsuccess = resolve));
    database.close();
  });
  await page.route("**/api/judge/ticket", (route) => route.abort());
  await page.context().setOffline(false);
  await reload(page);
  await page.locator(".competitor.begun", { hasText: "K01" }).locator("span", { hasText: "1/6" }).waitFor();
  await page.unroute("**/api/judge/ticket");
  await received(page);
});

test("taps in a rhythm count every other one at the least, and digits after a value all", async () => {
  await competition();
  const page = await judge("J1");
  await open(page, "子项 C1", "K01");
  await page.evaluate(async () => {
    for (let turn = 0; turn < 10; turn++) {
      document.querySelector(".answer.yes").dispatchEvent(new MouseEvent("click", { bubbles: true, detail: 1 }));
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  });
  await received(page);
  const taps = (await marks()).length;
  assert.ok(taps >= 4 && taps <= 6, `${taps} of 10`);
  await home(page);
  await open(page, "子项 A1", "K02");
  await page.locator(".place", { hasText: "A1.05" }).click();
  await at(page, "A1.05");
  await page.keyboard.type("120");
  await page.waitForTimeout(320);
  await page.locator(".give").click();
  await at(page, "A1.06");
  for (const key of ["1", "2"]) await page.locator(".key", { hasText: new RegExp(`^${key}$`) }).click();
  assert.equal(await page.locator(".card input").inputValue(), "12");
});

test("a held Enter gives once", async () => {
  await competition();
  const page = await judge("J1");
  await open(page, "子项 A1", "K01");
  await page.locator(".place", { hasText: "A1.06" }).click();
  await at(page, "A1.06");
  await page.keyboard.type("4");
  await page.locator(".place", { hasText: "A1.05" }).click();
  await at(page, "A1.05");
  await page.keyboard.type("120");
  await page.keyboard.down("Enter");
  await at(page, "A1.06");
  assert.equal(await page.locator(".card input").inputValue(), "4", "what was typed there before");
  for (let turn = 0; turn < 5; turn++) await page.keyboard.down("Enter");
  await page.keyboard.up("Enter");
  await received(page);
  assert.deepEqual((await marks()).map(({ body: { mark } }) => mark.aspect), ["A1.05"]);
});

test("what is typed and not given is there again after a step aside, and Enter gives it", async () => {
  await competition();
  const page = await judge("J1");
  await open(page, "子项 A1", "K01");
  await tap(page, page.locator(".place", { hasText: "A1.05" }));
  await at(page, "A1.05");
  for (const key of ["1", "2", "0"]) await page.locator(".key", { hasText: new RegExp(`^${key}$`) }).click({ delay: 10 });
  await page.locator(".place", { hasText: "A1.01" }).click();
  await at(page, "A1.01");
  await page.locator(".place", { hasText: "A1.05" }).click();
  await at(page, "A1.05");
  assert.equal(await page.locator(".card input").inputValue(), "120");
  await home(page);
  await open(page, "子项 A1", "K01");
  await tap(page, page.locator(".place", { hasText: "A1.05" }));
  assert.equal(await page.locator(".card input").inputValue(), "120");
  await page.locator(".key", { hasText: /^\.$/ }).click();
  await page.locator(".key", { hasText: /^3$/ }).click();
  await page.keyboard.press("Enter");
  await received(page);
  assert.deepEqual((await marks()).map(({ body: { mark } }) => mark.value.number), ["120.3"]);
});

test("what is typed and not given is there again after the page was closed, without a network too, and then no more", async () => {
  await competition();
  const page = await judge("J1");
  await open(page, "子项 A1", "K01");
  await tap(page, page.locator(".place", { hasText: "A1.05" }));
  await at(page, "A1.05");
  for (const key of ["1", "2", "7"]) await page.locator(".key", { hasText: new RegExp(`^${key}$`) }).click({ delay: 10 });
  await page.waitForTimeout(500);
  await page.context().setOffline(true);
  await reload(page);
  await open(page, "子项 A1", "K01");
  await tap(page, page.locator(".place", { hasText: "A1.05" }));
  await at(page, "A1.05");
  assert.equal(await page.locator(".card input").inputValue(), "127");
  await page.context().setOffline(false);
  await page.keyboard.press("Enter");
  await received(page);
  assert.deepEqual((await marks()).map(({ body: { mark } }) => mark.value.number), ["127"]);
  // What was given is typed no more.
  await page.waitForTimeout(500);
  await reload(page);
  await open(page, "子项 A1", "K01");
  await tap(page, page.locator(".place", { hasText: "A1.05" }));
  assert.equal(await page.locator(".card input").inputValue(), "");
});

test("marking that is over is said, and what is entered then is kept", async () => {
  await competition();
  const page = await judge("J1");
  await open(page, "子项 A1", "K01");
  await tap(page, page.locator(".answer.yes"));
  await received(page);
  await away(page);
  await ask("POST", `/api/skills/${skill}/act`, { act: "close" });
  await page.locator(".card input").fill("5");
  await tap(page, page.locator(".give"));
  await page.context().setOffline(false);
  await received(page);
  await home(page);
  await page.locator(".notice-box", { hasText: "评分已结束" }).waitFor();
  await page.locator(".warned .chip", { hasText: "A1.02" }).click();
  await page.locator(".attention", { hasText: "没有计入" }).waitFor();
  assert.deepEqual((await marks()).map(({ status }) => status), ["accepted", "late"]);
});

test("a device whose card is withdrawn goes on marking, and says what to do", async () => {
  const id = await competition();
  const page = await judge("J1");
  const shown = await ask("GET", `/api/competitions/${id}`);
  const [{ enrolment }] = shown.skills[0].judges.find(({ code }) => code === "J1").devices.filter(({ used_at }) => used_at);
  await ask("DELETE", `/api/skills/${skill}/enrolments/${enrolment}`);
  await page.locator(".alarm", { hasText: "登录已失效" }).waitFor();
  await page.locator(".bar.down").waitFor();
  await open(page, "子项 A1", "K01");
  await tap(page, page.locator(".answer.yes"));
  await stored(page, "1 项存在本机");
  // Another card: what is left here unsent is told, before and after, and can be entered again.
  const card = await ask("POST", `/api/skills/${skill}/cards`, { judge: "J1" });
  await page.goto("about:blank");
  await page.goto(`/judge#${card.code}`);
  await page.locator(".notice-box", { hasText: "本机还有 1 项没有发送" }).waitFor();
  page.pin = card.pin;
  await page.locator(".pin").fill(card.pin);
  await page.locator("button[type=submit]").click();
  await page.locator(".left", { hasText: "K01 · A1.01 = 是" }).waitFor();
  // It is told until it is stored anew.
  await page.evaluate(() => {
    IDBObjectStore.prototype.add = () => {
      throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
    };
  });
  await page.waitForTimeout(320);
  await page.locator(".left").getByRole("button", { name: "全部补录" }).click();
  await stored(page, "1 项没有存下");
  await reload(page);
  await tap(page, page.locator(".left").getByRole("button", { name: "全部补录" }));
  await received(page);
  await reload(page);
  await page.locator(".competitor.begun", { hasText: "K01" }).waitFor();
  assert.equal(await page.locator(".left").count(), 0);
  assert.deepEqual((await marks()).map(({ status }) => status), ["accepted"]);
});

test("signing out is guarded by what is unsent, which stays here sealed until the judge signs in again", async () => {
  await competition();
  const page = await judge("J1");
  // Whoever thinks better of it closes the menu.
  const menu = page.locator(".settings summary");
  const leave = page.getByRole("button", { name: "退出" });
  await tap(page, menu);
  await tap(page, leave);
  await page.getByRole("button", { name: "确定退出？再登录要用新的登录卡" }).waitFor();
  await shot(page, "sign-out");
  await tap(page, menu);
  await tap(page, menu);
  await page.getByRole("button", { name: "退出登录", exact: true }).waitFor();
  // Without the server nobody is signed out.
  await away(page);
  await tap(page, leave);
  await tap(page, leave);
  // The menu does not lie over what is said.
  await page.locator(".warning", { hasText: "可能还没有退出" }).waitFor();
  assert.equal(await page.locator(".settings[open]").count(), 0);
  await tap(page, page.locator(".warning").getByRole("button", { name: "知道了" }));
  await open(page, "子项 A1", "K01");
  await tap(page, page.locator(".answer.yes"));
  await stored(page, "1 项存在本机");
  // The network is back, and the socket is not: what is unsent is said before it stays behind.
  await page.evaluate(() => (WebSocket.prototype.send = () => {}));
  await page.context().setOffline(false);
  await tap(page, menu);
  await tap(page, leave);
  const sure = page.getByRole("button", { name: "1 项还没有上传，退出后留在本机" });
  await sure.waitFor();
  await shot(page, "sign-out-unsent");
  await tap(page, sure);
  await page.locator(".sign-in form").waitFor();
  assert.equal(await page.locator(".home, .notices .left, .bar .sync").filter({ visible: true }).count(), 0);
  assert.equal((await page.request.get("/api/judge")).status(), 401);
  // Not by loading the page again either.
  await page.goto("about:blank");
  await page.goto("/judge");
  await page.locator(".sign-in form").waitFor();
  await signIn(page, await ask("POST", `/api/skills/${skill}/cards`, { judge: "J1" }));
  await page.locator(".left", { hasText: "K01 · A1.01 = 是" }).waitFor();
  await audit(page, "what was left unsent");
  await tap(page, page.locator(".left").getByRole("button", { name: "全部补录" }));
  await received(page);
  assert.deepEqual((await marks()).map(({ actor, status }) => [actor, status]), [["J1", "accepted"]]);
});

test("what a judge left unsent is no other judge's to read, and does not replace what stands there by now", async () => {
  const id = await competition();
  const page = await judge("J1");
  const shown = await ask("GET", `/api/competitions/${id}`);
  const [{ enrolment }] = shown.skills[0].judges.find(({ code }) => code === "J1").devices.filter(({ used_at }) => used_at);
  await ask("DELETE", `/api/skills/${skill}/enrolments/${enrolment}`);
  await page.locator(".bar.down").waitFor();
  await open(page, "子项 A1", "K01");
  await tap(page, page.locator(".answer.yes"));
  await home(page);
  await open(page, "子项 B1", "K02");
  await tap(page, page.locator(".answer", { hasText: "全长一致" }));
  await stored(page, "2 项存在本机");
  await page.goto("about:blank");
  await signIn(page, await ask("POST", `/api/skills/${skill}/cards`, { judge: "J2" }));
  await page.locator(".left", { hasText: "裁判 J1 的 2 项录入没有发送" }).waitFor();
  assert.doesNotMatch(await page.locator(".notices").innerText(), /A1.01|B1.01/);
  // What another judge does not want to be told is its own judge's still.
  await tap(page, page.locator(".left").getByRole("button", { name: "知道了" }));
  await tap(page, page.locator(".left").getByRole("button", { name: "确定不再提示" }));
  await reload(page);
  await page.locator(".home .form").first().waitFor();
  assert.equal(await page.locator(".left").count(), 0);
  await open(page, "子项 A1", "K01");
  await tap(page, page.locator(".answer.no"));
  await received(page);
  await page.goto("about:blank");
  await signIn(page, await ask("POST", `/api/skills/${skill}/cards`, { judge: "J1" }));
  await page.locator(".left").getByRole("button", { name: "全部补录" }).click();
  await received(page);
  await page.locator(".doubtful", { hasText: "1 项没有计入" }).click();
  const conflict = page.locator(".conflict");
  await conflict.locator("dd", { hasText: "否" }).waitFor();
  await page.waitForTimeout(320);
  await conflict.getByRole("button", { name: "用现在的" }).click();
  await conflict.waitFor({ state: "detached" });
  // What was looked at is not told again.
  await reload(page);
  await page.locator(".home .form").first().waitFor();
  await received(page);
  assert.equal(await page.locator(".doubtful, .left, .warned").count(), 0);
  assert.deepEqual((await marks()).map(({ actor, status }) => [actor, status]), [["J2", "accepted"], ["J1", "conflict"], ["J1", "accepted"], ["J1", "accepted"]]);
});

test("a wrong card and a wrong PIN are said in plain words", async () => {
  await competition();
  const context = await browser.newContext({ locale: "zh-CN", baseURL: served.base });
  const page = await context.newPage();
  page.complaints = [];
  pages.push(page);
  await page.goto("/judge#nonsense");
  await page.locator(".pin").fill("123456");
  await page.locator("button[type=submit]").click();
  await page.locator(".problem", { hasText: "登录卡不存在" }).waitFor();
  const card = await ask("POST", `/api/skills/${skill}/cards`, { judge: "J3" });
  // It is kept over a reload, and can be dropped for another.
  await page.goto("/judge");
  await page.reload();
  await page.getByRole("button", { name: "换一张卡" }).click();
  await page.locator("input[name=code]").fill(card.code);
  await page.locator(".pin").fill("000000");
  await page.locator("button[type=submit]").click();
  await page.locator(".problem", { hasText: "还可以试" }).waitFor();
  await page.locator(".pin").fill(card.pin.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))));
  await page.locator("button[type=submit]").click();
  await page.locator(".home .form").first().waitFor();
});

for (const [language, theme] of [["zh-CN", "light"], ["en", "dark"], ["zh-CN", "sun"], ["en", "light"]]) {
  test(`the app can be used by everyone: ${language}, ${theme}`, async () => {
    await competition();
    const outside = await browser.newContext({ locale: language, baseURL: served.base });
    const door = await outside.newPage();
    door.complaints = [];
    pages.push(door);
    await door.goto("/judge");
    await door.locator(".sign-in form").waitFor();
    await audit(door, "the door");
    for (const size of [PHONE, TABLET]) {
      const page = await judge("J1", { size, language });
      await page.locator(".settings summary").click();
      const names = { light: /浅色|Light/, dark: /深色|Dark/, sun: /强光|Sunlight/ };
      await page.locator(".choose button", { hasText: names[theme] }).click();
      await audit(page, "the settings");
      await page.locator(".settings summary").click();
      await audit(page, "all sheets");
      for (const form of ["A1", "B1"]) {
        const sub = page.locator(".form", { hasText: form });
        await sub.locator(".competitor", { hasText: "K01" }).click();
        const places = await page.locator(".place").count();
        for (let place = 0; place < Math.min(places, 6); place++) {
          await page.locator(".place").nth(place).click();
          await audit(page, `${form}, aspect ${place + 1}`);
        }
        await home(page);
      }
      const narrow = await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
      assert.ok(narrow, "nothing is wider than the screen");
      // What is tapped keeps its place: a sheet scrolls in parts, the page never.
      await open(page, "A1", "K02");
      await page.locator(".place").last().click();
      await home(page);
      await tap(page, page.locator(".form", { hasText: "A1" }).getByRole("button", { name: /走评|Walk/ }));
      await audit(page, "walking");
      await home(page);
      const menu = page.locator(".settings summary");
      await tap(page, menu);
      await tap(page, page.getByRole("button", { name: /^退出登录$|^Sign out$/ }));
      await audit(page, "whether to sign out");
      await tap(page, menu);
      const second = await another(page);
      pages.push(second);
      await second.goto("/judge");
      await second.locator(".home .form").first().waitFor();
      await page.locator(".stage h1").waitFor();
      await audit(page, "another tab marks");
      await second.close();
      pages.pop();
      await page.reload();
      await page.locator(".unlock .pin").waitFor();
      await audit(page, "the lock");
      await unlock(page);
      await open(page, "A1", "K02");
      await page.locator(".place").last().click();
      const still = await page.evaluate(() => document.documentElement.scrollHeight <= innerHeight && scrollY === 0);
      assert.ok(still, "the page of a sheet is as high as the screen");
    }
  });
}

// What axe finds, and whether every button is large enough for a glove.
async function audit(page, where) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate((rules) => axe.run(document, { runOnly: rules }), RULES);
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
  assert.deepEqual(found, [], where);
  const small = await page.$$eval(".card button, .places button, .who button, .competitor", (buttons) =>
    buttons.filter((button) => button.checkVisibility() && button.getBoundingClientRect().height < 44).map((button) => button.outerHTML.slice(0, 120)),
  );
  assert.deepEqual(small, [], where);
}
