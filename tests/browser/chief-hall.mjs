// A skill at the real program with its judges and its chief judge: what the tests of the chief judge's page
// stand on. Each file of tests is a process of its own, and so has a server of its own.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, afterEach, before } from "node:test";
import { chromium } from "playwright-core";
import { Served } from "./served.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
export const TABLET = { width: 1024, height: 768 };
export const PHONE = { width: 390, height: 844 };
export const HALL = { width: 1920, height: 1080 };
// What judges hold in their hands.
export const SIZES = Object.entries({ tablet: TABLET, "large tablet": { width: 1366, height: 1024 }, phone: PHONE });
const PATIENCE = 20_000;
export const PASSWORD = "correct horse battery";

export const served = new Served();
export let browser;
let bearer;
export let id;
export let skill;
export let pages = [];

before(async () => {
  const secret = await served.start();
  served.hasAccount = true;
  ({ bearer } = await ask("POST", "/api/set-up", { secret, name: "desk", password: PASSWORD }));
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

export async function ask(method, path, body, type = "application/json") {
  const headers = bearer ? { authorization: `Bearer ${bearer}` } : {};
  if (body) headers["content-type"] = type;
  const answer = await fetch(served.base + path, { method, headers, body: type === "application/json" && body ? JSON.stringify(body) : body });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
  return text && answer.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text;
}

// A fresh competition of one open skill: two competitors and more, three judges on one panel, a chief judge.
export const competition = (...more) => competitionOf({ more });

const ASPECTS = [
  "A1.01,A,制作,A1,尺寸,measurement,焊缝尺寸合格,60.00,direct,,,,,",
  "A1.02,A,制作,A1,尺寸,measurement,无表面夹渣,20.00,pass_fail,,,,,",
  "B1.01,B,工艺,B1,工艺,judgement,焊缝成形,20.00,,,成形差,达到标准,均匀美观,全长一致",
];

// The same with other judges besides, by another rule set, with competitors who come from somewhere, or with
// other aspects.
export async function competitionOf({ more = [], reserves = [], rules = "worldskills-2026", homes = {}, aspects = ASPECTS, columns = "rung_0,rung_1,rung_2,rung_3" }) {
  const folder = join(served.folder, `package-${Math.random()}`);
  mkdirSync(join(folder, "skills/welding"), { recursive: true });
  const put = (name, ...lines) => writeFileSync(join(folder, name), `${lines.join("\n")}\n`);
  put("competition.toml", 'edition = "2026"', 'tier = "city"', 'host = "市总工会"', 'dates = ["2026-05-09"]', `rule_set = "${rules}"`, 'language = "zh"', "[name]", 'zh = "裁判长测试赛"', 'en = "Chief judge\'s trial"');
  put("skills/welding/skill.toml", 'number = "01"', "[name]", 'zh = "焊接"', 'en = "Welding"');
  put("skills/welding/competitors.csv", "code,name,organisation", ...["K01,李明远", "K02,王秀兰", ...more].map((row) => `${row},${homes[row.split(",")[0]] ?? ""}`));
  put("skills/welding/judges.csv", "code,name,organisation,role", "J1,马建华,甲,judge", "J2,胡爱民,乙,judge", "J3,林晓峰,丙,judge", ...reserves, "J9,郑卫东,丁,chief_judge");
  put("skills/welding/panels.csv", "sub_criterion,judge,seat,counts", ...[...new Set(aspects.map((row) => row.split(",")[3]))].flatMap((sub) => ["J1", "J2", "J3"].map((judge, at) => `${sub},${judge},${at + 1},1`)));
  put(
    "skills/welding/aspects.csv",
    `id,criterion,criterion_name,sub_criterion,sub_criterion_name,type,description,max,calculation,parameters,${columns}`,
    ...aspects,
  );
  const zip = `${folder}.zip`;
  execFileSync("python3", ["-m", "zipfile", "-c", zip, "competition.toml", "skills"], { cwd: folder });
  const made = await ask("POST", "/api/competitions", readFileSync(zip), "application/zip");
  ({ id } = made.competition);
  skill = (await ask("GET", `/api/competitions/${id}`)).skills[0].skill.id;
  await ask("PATCH", `/api/competitions/${id}`, { is_public: true });
  await ask("PATCH", `/api/skills/${skill}`, { policy: "running" });
  await ask("POST", `/api/skills/${skill}/act`, { act: "open" });
}

export async function fresh({ size = TABLET, language = "zh-CN", theme = "light", base = served.base, script = true } = {}) {
  const context = await browser.newContext({ viewport: size, locale: language, baseURL: base, javaScriptEnabled: script });
  await context.addCookies([{ name: "theme", value: theme, url: base }]);
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(error.message));
  pages.push(page);
  return page;
}

// A device signed in by a card, of another skill too; a call may lead it on from the sheets at once.
export async function signIn(code, options) {
  const card = await ask("POST", `/api/skills/${options?.of ?? skill}/cards`, { judge: code });
  return enter(card, options);
}

// A device signed in by this card; what is to be done to it before comes first.
export async function enter(card, options) {
  const page = await fresh(options);
  await options?.before?.(page);
  return enterOn(page, card);
}

// The same on a device that is there already.
export async function enterOn(page, card) {
  await page.goto("about:blank");
  await page.goto(`/judge#${card.code}`);
  page.pin = card.pin;
  await page.locator(".pin").fill(card.pin);
  await page.locator("button[type=submit]").click();
  await page.locator(".home, .sheet").waitFor();
  return page;
}

// A page that opens anew asks for the PIN.
export async function unlock(page) {
  await page.locator(".unlock .pin").fill(page.pin);
  await page.locator(".unlock .primary").click();
  await page.locator(".unlock").waitFor({ state: "detached" });
  // The next tap is one of its own.
  await page.waitForTimeout(320);
}

// A judge with all sheets.
export async function judge(code, options) {
  const page = await signIn(code, options);
  await page.locator(".home .form").first().waitFor();
  // Connected, and the sheets told anew after that: a card that is being typed at is not made anew.
  await received(page);
  await page.waitForLoadState("networkidle");
  return page;
}

// The chief judge, led from the app to the page.
export async function chief(options) {
  const page = await signIn("J9", options);
  await page.locator('a[href="/chief"]').click();
  await page.locator("#waiting").waitFor();
  return page;
}

// Marks one aspect of one competitor by what stands on the card.
export async function mark(page, form, code, aspect, give) {
  await page.locator(".form", { hasText: form }).locator(".competitor", { hasText: code }).click();
  // The second half of a trembling tap is none.
  await page.waitForTimeout(320);
  // Each sheet opens at what comes first, which is what these tests mark.
  await page.locator(".aspect .mono", { hasText: aspect }).waitFor();
  await page.waitForFunction(() => document.activeElement?.closest(".card"));
  await give(page);
  await page.waitForTimeout(320);
}
export const number = (value) => async (page) => {
  await page.locator(".card input").fill(value);
  await page.locator(".give").click();
};
export const rung = (words) => (page) => page.locator(".answer", { hasText: words }).click();
export const home = (page) => page.locator(".back").click();
export const received = (page) => page.waitForFunction(() => /全部评分服务器已收到|the server has every mark/.test(document.querySelector(".sync").textContent));
export const away = async (page) => {
  await page.context().setOffline(true);
  await served.cut();
  await served.start();
  await page.locator(".bar.down").waitFor();
};

// Opens what a button says, gives a reason, and does it.
export async function decide(of, words, act = words) {
  await of.locator("summary", { hasText: words }).click();
  await of.locator("details[open] textarea").fill("看过实物");
  await of.locator("details[open] button", { hasText: act }).click();
}

const SHEETS = "section[aria-labelledby=sheets]";
export const done = (page, words = "已记入账本") => page.locator(".note.done", { hasText: words }).waitFor();

// The chief judge signs for all of the panel, and locks.
export async function signAndLock(page, code) {
  const sheet = page.locator(`${SHEETS} > ul > li`, { hasText: code });
  for (const judge of ["J1", "J2", "J3"]) {
    await sheet.locator("summary", { hasText: "代为签字" }).click();
    await sheet.locator("details[open] select").selectOption(judge);
    await sheet.locator("details[open] textarea").fill("因病离场");
    await sheet.locator("details[open] button").click();
    await done(page);
  }
  await sheet.locator(".signed-for", { hasText: "J9 代 J1 签字，J9 代 J2 签字，J9 代 J3 签字" }).waitFor();
  await sheet.getByRole("button", { name: "锁定" }).click();
  await done(page);
}

// The organisers' desk, signed in, at the competition.
export async function desk(options) {
  const page = await fresh(options);
  await page.goto("/desk/sign-in");
  await page.locator("input[name=name]").fill("desk");
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.locator("main button").click();
  await page.goto(`/desk/competition/${id}`);
  return page;
}

// The second person's word for what waits with these words in it.
export async function confirm(page, words) {
  await page.goto(`/desk/competition/${id}`);
  const asked = page.locator(".proposal", { hasText: words });
  await asked.locator("summary").click();
  await asked.locator("details[open] button").click();
  await asked.waitFor({ state: "detached" });
}

// What axe finds, and whether what is tapped is large enough.
export async function audit(page, where) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate((rules) => axe.run(document, { runOnly: rules }), RULES);
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
  assert.deepEqual(found, [], where);
  const small = await page.$$eval("main :is(button, summary, input, select, textarea)", (elements) =>
    elements.filter((one) => one.type !== "hidden" && one.checkVisibility() && one.getBoundingClientRect().height < 40).map((one) => one.outerHTML.slice(0, 120)),
  );
  assert.deepEqual(small, [], where);
}

// Counts what somebody does: each field filled in, each choice and each press is one.
export function counted() {
  let acts = 0;
  const act = (what) => async (locator, ...more) => {
    acts += 1;
    await locator[what](...more);
  };
  return { fill: act("fill"), choose: act("selectOption"), send: act("setInputFiles"), press: act("click"), acts: () => acts };
}

// Somebody is invited by whoever is signed in on `page`, and takes it up in a browser of their own.
export async function joined(page, who, role, competition, options, by = counted(), acts = counted()) {
  await page.goto("/desk/people");
  const form = page.locator("form[action='/desk/people/invitations']");
  await by.fill(form.locator("[name=whom]"), who);
  await by.choose(form.locator("[name=role]"), role);
  await by.choose(form.locator("[name=scope]"), `competition:${competition}`);
  await by.press(form.locator("button"));
  const link = new URL(await page.locator(".invitation input").inputValue());
  const own = await fresh(options);
  await own.goto(link.pathname + link.hash);
  await acts.fill(own.locator("form[action='/join'] [name=name]"), who);
  await acts.fill(own.locator("form[action='/join'] [name=password]"), PASSWORD);
  await acts.press(own.locator("form[action='/join'] button"));
  await own.waitForURL("**/desk");
  return own;
}
