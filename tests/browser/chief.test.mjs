// The chief judge's page at the real program: two judges who meet in one cell, a mark after the close,
// a panel that disagrees, and who may look.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { chromium } from "playwright-core";
import { Served } from "./served.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const TABLET = { width: 1024, height: 768 };
const PHONE = { width: 390, height: 844 };
const HALL = { width: 1920, height: 1080 };
const PATIENCE = 20_000;
const PASSWORD = "correct horse battery";

const served = new Served();
let browser;
let bearer;
let id;
let skill;
let pages = [];

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

async function ask(method, path, body, type = "application/json") {
  const headers = bearer ? { authorization: `Bearer ${bearer}` } : {};
  if (body) headers["content-type"] = type;
  const answer = await fetch(served.base + path, { method, headers, body: type === "application/json" && body ? JSON.stringify(body) : body });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
  return text && answer.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text;
}

// A fresh competition of one open skill: two competitors, three judges on one panel, a chief judge.
async function competition() {
  const folder = join(served.folder, `package-${Math.random()}`);
  mkdirSync(join(folder, "skills/welding"), { recursive: true });
  const put = (name, ...lines) => writeFileSync(join(folder, name), `${lines.join("\n")}\n`);
  put("competition.toml", 'edition = "2026"', 'tier = "city"', 'host = "市总工会"', 'dates = ["2026-05-09"]', 'rule_set = "worldskills-2026"', 'language = "zh"', "[name]", 'zh = "裁判长测试赛"', 'en = "Chief judge\'s trial"');
  put("skills/welding/skill.toml", 'number = "01"', "[name]", 'zh = "焊接"', 'en = "Welding"');
  put("skills/welding/competitors.csv", "code,name", "K01,李明远", "K02,王秀兰");
  put("skills/welding/judges.csv", "code,name,organisation,role", "J1,马建华,甲,judge", "J2,胡爱民,乙,judge", "J3,林晓峰,丙,judge", "J9,郑卫东,丁,chief_judge");
  put("skills/welding/panels.csv", "sub_criterion,judge,seat,counts", ...["A1", "B1"].flatMap((sub) => ["J1", "J2", "J3"].map((judge, at) => `${sub},${judge},${at + 1},1`)));
  put(
    "skills/welding/aspects.csv",
    "id,criterion,criterion_name,sub_criterion,sub_criterion_name,type,description,max,calculation,parameters,rung_0,rung_1,rung_2,rung_3",
    "A1.01,A,制作,A1,尺寸,measurement,焊缝尺寸合格,60.00,direct,,,,,",
    "A1.02,A,制作,A1,尺寸,measurement,无表面夹渣,20.00,pass_fail,,,,,",
    "B1.01,B,工艺,B1,工艺,judgement,焊缝成形,20.00,,,成形差,达到标准,均匀美观,全长一致",
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

async function fresh({ size = TABLET, language = "zh-CN", theme = "light" } = {}) {
  const context = await browser.newContext({ viewport: size, locale: language, baseURL: served.base });
  await context.addCookies([{ name: "theme", value: theme, url: served.base }]);
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(error.message));
  pages.push(page);
  return page;
}

// A device signed in by a card.
async function signIn(code, options) {
  const page = await fresh(options);
  const card = await ask("POST", `/api/skills/${skill}/cards`, { judge: code });
  await page.goto(`/judge#${card.code}`);
  await page.locator(".pin").fill(card.pin);
  await page.locator("button[type=submit]").click();
  await page.locator(".home").waitFor();
  return page;
}

// A judge with all sheets.
async function judge(code) {
  const page = await signIn(code);
  await page.locator(".home .form").first().waitFor();
  // Connected, and the sheets told anew after that: a card that is being typed at is not made anew.
  await received(page);
  await page.waitForLoadState("networkidle");
  return page;
}

// The chief judge, led from the app to the page.
async function chief(options) {
  const page = await signIn("J9", options);
  await page.locator('a[href="/chief"]').click();
  await page.locator("#waiting").waitFor();
  return page;
}

// Marks one aspect of one competitor by what stands on the card.
async function mark(page, form, code, aspect, give) {
  await page.locator(".form", { hasText: form }).locator(".competitor", { hasText: code }).click();
  // The second half of a trembling tap is none.
  await page.waitForTimeout(320);
  // Each sheet opens at what comes first, which is what these tests mark.
  await page.locator(".aspect .mono", { hasText: aspect }).waitFor();
  await page.waitForFunction(() => document.activeElement?.closest(".card"));
  await give(page);
  await page.waitForTimeout(320);
}
const number = (value) => async (page) => {
  await page.locator(".card input").fill(value);
  await page.locator(".give").click();
};
const rung = (words) => (page) => page.locator(".answer", { hasText: words }).click();
const home = (page) => page.locator(".back").click();
const received = (page) => page.waitForFunction(() => document.querySelector(".sync").textContent.includes("全部评分服务器已收到"));
const away = async (page) => {
  await page.context().setOffline(true);
  await served.cut();
  await served.start();
  await page.locator(".bar.down").waitFor();
};

// J1, without a network, gives K01 55 where J2 gives 40; the others have marks that can be compared.
async function meet() {
  const [one, other] = [await judge("J1"), await judge("J2")];
  await mark(other, "尺寸", "K02", "A1.01", number("50"));
  await home(other);
  await received(other);
  await away(one);
  await mark(one, "尺寸", "K01", "A1.01", number("55"));
  await mark(other, "尺寸", "K01", "A1.01", number("40"));
  await received(other);
  await one.context().setOffline(false);
  await received(one);
  return [one, other];
}

// Opens what a button says, gives a reason, and does it.
async function decide(of, words, act = words) {
  await of.locator("summary", { hasText: words }).click();
  await of.locator("details[open] textarea").fill("看过实物");
  await of.locator("details[open] button", { hasText: act }).click();
}

const order = (page) => page.$$eval('tr[data-key^="row:"]', (rows) => rows.map((row) => row.dataset.key.slice(4)));

test("the chief judge sees both values of a conflict and takes one; the tablet shows it and the hall's board moves", async () => {
  await competition();
  const hall = await fresh({ size: HALL });
  const [one, other] = await meet();
  await hall.goto(`/screen/${skill}`);
  await hall.waitForSelector("html.is-running");
  await hall.waitForFunction(() => document.querySelector('tr[data-key^="row:"]')?.dataset.key === "row:K02");
  assert.deepEqual(await order(hall), ["K02", "K01"]);
  const page = await chief();
  const decision = page.locator(".decision");
  assert.equal(await decision.count(), 1);
  assert.match(await decision.locator("header").innerText(), /K01[\s\S]*A1\.01 焊缝尺寸合格/);
  assert.match(await decision.locator(".entered").innerText(), /55[\s\S]*得分 55\.00[\s\S]*J1/);
  assert.match(await decision.locator(".stands").innerText(), /40[\s\S]*得分 40\.00[\s\S]*J2/);
  // Codes are sealed until results are out.
  assert.doesNotMatch(await page.locator("main").innerText(), /李明远|王秀兰/);
  await decide(decision, "采用这个值");
  await page.locator(".note.done", { hasText: "已记入账本" }).waitFor();
  await page.getByText("没有要您决定的值").waitFor();
  await hall.waitForFunction(() => document.querySelector('tr[data-key^="row:"]')?.dataset.key === "row:K01");
  assert.deepEqual(await order(hall), ["K01", "K02"]);
  await other.locator(".place", { hasText: "A1.01" }).locator(".value", { hasText: "55" }).waitFor();
  await one.locator(".place", { hasText: "A1.01" }).locator(".value", { hasText: "55" }).waitFor();
});

test("a panel signs a sheet on its tablets, and the chief judge locks exactly that", async () => {
  await competition();
  const panel = [];
  // What the socket does not tell is asked for on coming back to the page.
  const look = async (page) => {
    await page.bringToFront();
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  };
  for (const code of ["J1", "J2", "J3"]) {
    const page = await judge(code);
    await mark(page, "工艺", "K01", "B1.01", rung("均匀美观"));
    await received(page);
    await page.getByRole("button", { name: "核对并签字" }).click();
    panel.push(page);
  }
  const page = await chief();
  await page.locator("section[aria-labelledby=sheets] .waits", { hasText: "J1、J2、J3" }).waitFor();
  assert.equal(await page.locator('form[action="/chief/lock"]').count(), 0);
  for (const tablet of panel) {
    await look(tablet);
    await tablet.getByRole("button", { name: "我确认并签字" }).click();
    await tablet.locator(".sign-box", { hasText: "您已签字" }).waitFor();
  }
  await page.bringToFront();
  await page.reload();
  const sheet = page.locator("section[aria-labelledby=sheets] li", { hasText: "K01" });
  assert.ok((await sheet.innerText()).includes(await panel[0].locator(".digest strong").innerText()));
  await sheet.getByRole("button", { name: "锁定" }).click();
  await page.locator(".note.done", { hasText: "已记入账本" }).waitFor();
  await page.getByText("已锁定 1 张").waitFor();
  for (const tablet of panel) {
    await look(tablet);
    await tablet.locator(".sign-box", { hasText: "评分表已锁定" }).waitFor();
  }
});

test("a mark that came after the close counts once an organiser confirms what the chief judge asked for", async () => {
  await competition();
  const one = await judge("J1");
  await mark(one, "尺寸", "K02", "A1.01", number("50"));
  await home(one);
  await received(one);
  await away(one);
  await mark(one, "尺寸", "K01", "A1.01", number("58"));
  await ask("POST", `/api/skills/${skill}/act`, { act: "close" });
  await one.context().setOffline(false);
  await received(one);
  const page = await chief({ size: PHONE });
  const decision = page.locator(".decision");
  await decision.locator(".stands", { hasText: "空的" }).waitFor();
  await decision.getByText("该赛项已结束评分").waitFor();
  await decide(decision, "采用这个值", "请第二个人确认");
  await page.locator(".proposal", { hasText: "看过实物" }).waitFor();
  assert.equal(await decision.locator("summary").count(), 0, "it is asked for");
  const desk = await fresh();
  await desk.goto("/desk/sign-in");
  await desk.locator("input[name=name]").fill("desk");
  await desk.locator("input[name=password]").fill(PASSWORD);
  await desk.locator("main button").click();
  await desk.goto(`/desk/competition/${id}`);
  const asked = desk.locator(".proposal", { hasText: "计入 J1 迟到的评分 K01 A1.01：58，代替 空白" });
  await asked.locator("summary").click();
  await asked.locator("button").click();
  await desk.locator(".proposal").waitFor({ state: "detached" });
  await page.goto("/chief");
  await page.getByText("没有要您决定的值").waitFor();
  assert.equal(await page.locator(".proposal").count(), 0);
  const board = await fresh();
  await board.goto(`/skill/${skill}`);
  await board.locator('tr[data-key="row:K01"]', { hasText: "58.00" }).waitFor();
});

test("a panel that disagrees is shown with who is still to score again", async () => {
  await competition();
  const judges = [];
  for (const [code, words] of [["J1", "成形差"], ["J2", "均匀美观"], ["J3", "全长一致"]]) {
    const page = await judge(code);
    judges.push(page);
    await mark(page, "B1", "K01", "B1.01", rung(words));
    await received(page);
  }
  const page = await chief();
  const panel = page.locator(".disagreement");
  await panel.locator(".scores", { hasText: /J1 0\s*J2 2\s*J3 3/ }).waitFor();
  await panel.getByText("第 1 轮分差 3，最多 1").waitFor();
  await panel.locator(".waits", { hasText: "J1、J2、J3" }).waitFor();
  await rung("均匀美观")(judges[0]);
  await received(judges[0]);
  await page.locator("a", { hasText: "刷新" }).click();
  await panel.locator(".waits", { hasText: "J2、J3" }).waitFor();
  assert.doesNotMatch(await panel.innerText(), /J1 2/, "nothing of the new round");
  await page.locator(".judge-left", { hasText: "J1" }).getByText("在线").waitFor();
});

test("the page keeps itself current, and never takes away what is typed", async () => {
  await competition();
  const page = await chief();
  await page.clock.install();
  await page.reload();
  await page.getByText("没有要您决定的值").waitFor();
  await page.locator("#competitors ~ * details").first().locator("summary").click();
  const reason = page.locator("details[open] textarea");
  await reason.fill("还没写完");
  await meet();
  for (let count = 0; count < 3; count++) {
    await page.clock.runFor(16_000);
    await page.evaluate(() => fetch("/healthz"));
  }
  assert.equal(await reason.inputValue(), "还没写完");
  await page.locator("details[open] summary").click();
  await page.locator("h1").click();
  await page.clock.runFor(16_000);
  await page.locator(".decision").waitFor();
});

test("without a script everything can be decided all the same", async () => {
  await competition();
  await meet();
  const signedIn = await chief();
  const storageState = await signedIn.context().storageState();
  const context = await browser.newContext({ viewport: PHONE, locale: "zh-CN", baseURL: served.base, javaScriptEnabled: false, storageState });
  const page = await context.newPage();
  page.complaints = [];
  pages.push(page);
  await page.goto("/chief");
  assert.equal(await page.locator("noscript").count(), 0, "nothing loads it again over what is typed");
  await decide(page.locator(".decision"), "保留现有的值");
  await page.locator(".note.done").waitFor();
  assert.equal(await page.locator(".decision").count(), 0);
});

test("nobody but the chief judge is let in, and each is told where to go", async () => {
  await competition();
  const one = await judge("J1");
  const answer = await one.goto("/chief");
  assert.equal(answer.status(), 403);
  await one.getByText("这个页面只给本赛项的裁判长").waitFor();
  await one.locator('a[href="/judge"]').click();
  await one.locator(".home .form").first().waitFor();
  const nobody = await fresh({ language: "en" });
  assert.equal((await nobody.goto("/chief")).status(), 401);
  await nobody.getByText("Scan the chief judge's card").waitFor();
  await audit(nobody, "the door");
  await nobody.locator('main a[href="/judge"]').click();
  await nobody.locator(".pin").waitFor();
});

for (const [language, theme] of [["zh-CN", "light"], ["en", "dark"]]) {
  test(`the page can be used by everyone: ${language}, ${theme}`, async () => {
    await competition();
    const [, other] = await meet();
    await home(other);
    for (const [code, words] of [["J2", "成形差"], ["J3", "全长一致"], ["J1", "全长一致"]]) {
      const page = code === "J2" ? other : await judge(code);
      await mark(page, "B1", "K02", "B1.01", rung(words));
      await received(page);
    }
    for (const size of [PHONE, TABLET, HALL]) {
      const page = await chief({ size, language, theme });
      await audit(page, "as it opens");
      for (const ask of await page.locator(".confirm > summary").all()) await ask.click();
      await audit(page, "with every form open");
      const narrow = await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
      assert.ok(narrow, "nothing is wider than the screen");
      // By keys alone: every act is reached, and opened.
      await page.reload();
      await page.locator(".decision summary").first().focus();
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      await page.keyboard.type("seen");
      await page.keyboard.press("Tab");
      await page.waitForFunction(() => document.activeElement?.matches(".decision details[open] button"));
    }
  });
}

// What axe finds, and whether what is tapped is large enough.
async function audit(page, where) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate((rules) => axe.run(document, { runOnly: rules }), RULES);
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
  assert.deepEqual(found, [], where);
  const small = await page.$$eval("main :is(button, summary, input, select, textarea)", (elements) =>
    elements.filter((one) => one.type !== "hidden" && one.checkVisibility() && one.getBoundingClientRect().height < 40).map((one) => one.outerHTML.slice(0, 120)),
  );
  assert.deepEqual(small, [], where);
}
