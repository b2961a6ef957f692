// A newcomer's day at the real program, from the one-time secret to an export that verifies, with
// spectators who watch; and a server that goes away under them and comes back.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { setFactorAt } from "./factor.mjs";
import { Served } from "./served.mjs";

const PATIENCE = 20_000;
const PASSWORD = "correct horse battery";

const served = new Served();
let browser;
let desk;
let secret;
let tablets = [];

before(async () => {
  secret = await served.start();
  browser = await chromium.launch({ executablePath: process.env.LEITAI_CHROMIUM, args: ["--no-sandbox"] });
  desk = await open("/");
});

after(async () => {
  for (const tablet of tablets) await tablet.stop();
  await browser?.close();
  await served.stop();
});

// A page of somebody else's, who has said nothing yet.
async function open(path, size = { width: 1024, height: 768 }) {
  const context = await browser.newContext({ viewport: size, locale: "zh-CN", baseURL: served.base });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(error.message));
  await page.goto(path);
  return page;
}

async function openLive(path, size) {
  const page = await open(path, size);
  await page.waitForSelector("html.is-running");
  await page.evaluate(() => (window.isSame = true));
  return page;
}

const order = (page) => page.$$eval('tr[data-key^="row:"]', (rows) => rows.map((row) => row.dataset.key.slice(4)));
// The lowest button of that name that is to be seen: a confirmation stands below what asks for it.
const confirm = async (name) => {
  await desk.locator("summary", { hasText: name }).first().click();
  await desk.locator("details[open]").getByRole("button", { name }).click();
};
const id = (url) => new URL(url).pathname.split("/").at(-1);

// Each step of the day begins where the one before it ended.
let isOver = false;
const step = (name, act) =>
  test(name, async () => {
    assert.ok(!isOver, "an earlier step failed");
    isOver = true;
    await act();
    isOver = false;
  });

step("the first organiser comes in by the one-time secret, once", async () => {
  await desk.goto("/desk");
  await desk.getByLabel("一次性密钥").fill("WRONG-SECRET");
  await desk.getByLabel("名称").fill("刘老师");
  await desk.locator("input[name=password]").fill(PASSWORD);
  await desk.getByRole("button", { name: "建立并登录" }).click();
  await desk.getByRole("alert").waitFor();
  assert.equal(await desk.getByLabel("名称").inputValue(), "刘老师", "what was typed stays");
  await desk.getByLabel("一次性密钥").fill(secret);
  await desk.locator("input[name=password]").fill(PASSWORD);
  await desk.getByRole("button", { name: "建立并登录" }).click();
  await desk.getByText("还没有大赛").waitFor();
  served.hasAccount = true;
  const other = await open("/desk");
  assert.equal(await other.getByLabel("一次性密钥").count(), 0, "there is no second first account");
});

step("a small competition is made on one page, and what is wrong is said beside what was typed", async () => {
  const small = desk.locator("section[aria-labelledby=small]");
  await small.getByLabel("大赛名称").fill("厂内练兵");
  await small.getByLabel("赛项", { exact: true }).fill("焊工");
  await small.getByLabel(/^选手/).fill("李明远，一车间\n王秀兰，二车间");
  await small.getByLabel(/^裁判/).fill("马建华，质检院");
  await small.getByLabel(/^评分点/).fill("外观，很多，测量");
  await desk.getByRole("button", { name: "检查并新建" }).click();
  await desk.locator(".findings tbody tr").first().waitFor();
  await small.getByLabel(/^评分点/).fill("外观，10，测量");
  await desk.getByRole("button", { name: "检查并新建" }).click();
  await desk.getByRole("heading", { name: "厂内练兵" }).waitFor();
  await desk.goto("/desk");
});

let competition;
let skill;

step("a package is uploaded, made public, and its judges' cards are printed", async () => {
  await desk.getByLabel("文件").setInputFiles(served.package());
  await desk.getByRole("button", { name: "检查并上传" }).click();
  await desk.getByRole("heading", { name: "示例市职工职业技能大赛" }).waitFor();
  competition = id(desk.url());
  skill = (await desk.locator(".desk-skill").getAttribute("id")).replace("skill-", "");
  assert.match(await desk.locator(".next").innerText(), /登录卡/);
  await desk.getByRole("button", { name: "公开", exact: true }).click();
  await desk.getByText("公众看得到").waitFor();
  await desk.getByLabel("评分时公众看到").selectOption("running");
  await desk.locator(".settings").getByRole("button", { name: "保存" }).click();
  await desk.getByRole("button", { name: "打印登录卡" }).click();
  const cards = await desk.$$eval(".judge-card", (cards) =>
    cards.map((card) => ({
      judge: card.querySelector(".mono").innerText,
      code: card.querySelector(".address").innerText.split("#")[1],
      pin: card.querySelector(".pin").innerText,
      squares: card.querySelector(".qr path").getAttribute("d").length,
    })),
  );
  assert.deepEqual(cards.map(({ judge }) => judge).sort(), ["CJ", "J1", "J2", "J3", "J4"]);
  assert.ok(cards.every(({ squares }) => squares > 1000), "each has a code to scan");
  for (const name of ["J1", "J2", "J3"]) {
    const { code, pin } = cards.find(({ judge }) => judge === name);
    tablets.push(await served.tablet(code, pin));
  }
  await desk.getByRole("link", { name: "返回" }).click();
  await desk.getByText("3/5 位已登录").waitFor();
});

step("everybody can use the desk: both languages, both themes, from a phone on", async () => {
  const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const signedOut = await open("/desk/sign-in");
  const faults = new Set();
  for (const [lang, theme] of [["zh", "light"], ["zh", "dark"], ["en", "light"], ["en", "dark"]]) {
    for (const page of [desk, signedOut]) {
      await page.context().addCookies([{ name: "lang", value: lang, url: served.base }, { name: "theme", value: theme, url: served.base }]);
    }
    const pages = [[signedOut, "/desk/sign-in"], [desk, "/desk"], [desk, `/desk/competition/${competition}`]];
    // It is long, and the same in every theme.
    if ((lang === "zh") === (theme === "light")) pages.push([desk, "/api/docs"]);
    for (const [page, path] of pages) {
      await page.goto(path);
      await page.evaluate(axe);
      for (const [width, height] of [[390, 844], [1024, 768]]) {
        await page.setViewportSize({ width, height });
        const { violations } = await page.evaluate((rules) => window.axe.run({ runOnly: rules }), rules);
        for (const { id, nodes } of violations) faults.add(`${path}, ${theme}, ${width}: ${id}: ${nodes[0].html}`);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (wide > 0) faults.add(`${path}, ${lang}: ${wide} px beyond a screen of ${width}`);
      }
    }
  }
  assert.deepEqual([...faults], []);
  for (const page of [desk, signedOut]) await page.context().clearCookies({ name: /^(lang|theme)$/ });
  await signedOut.context().close();
  await desk.goto(`/desk/competition/${competition}`);
});

let board;
let screen;

step("it is opened, after the desk has said what that means", async () => {
  board = await openLive(`/skill/${skill}`);
  screen = await openLive(`/screen/${skill}`, { width: 1920, height: 1080 });
  // Its pages would turn while they are compared.
  await screen.keyboard.press(" ");
  await screen.getByRole("button", { name: "继续翻页" }).waitFor();
  assert.match(await board.locator(".status").innerText(), /未开始/);
  await confirm("开放评分");
  await desk.locator(".desk-skill .status.in-progress").waitFor();
  // Whoever watches sees it without loading anything.
  await board.locator(".status.in-progress").waitFor();
  await screen.locator(".status.in-progress").waitFor();
});

step("a mark arrives, and a row moves without a reload", async () => {
  const [tablet] = tablets;
  const codes = (await order(board)).sort();
  assert.equal(codes.length, 11);
  for (const [at, code] of codes.entries()) await tablet.say(`mark ${code} T1.01 ${90 - at}`);
  await board.waitForFunction(() => document.querySelector("td.total")?.innerText.trim().length > 0);
  const before = await order(board);
  for (const [at, code] of codes.entries()) await tablet.say(`mark ${code} P1.03 ${Math.min(at, 10)}`);
  await board.waitForFunction(
    (before) => {
      const rows = [...document.querySelectorAll('tr[data-key^="row:"]')];
      return rows.map((row) => row.dataset.key.slice(4)).join() !== before;
    },
    before.join(),
  );
  assert.ok(await board.locator("td.moved.up").count(), "a row says that it moved up");
  assert.ok(await board.evaluate(() => window.isSame), "the page was not loaded again");
});

step("the organiser's session clock runs on the board and the hall screen by the server's time", async () => {
  await desk.goto(`/desk/competition/${competition}`);
  const place = (ms) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 16);
  await desk.getByLabel("场次名称").fill("C1 上午");
  await desk.getByLabel("开始", { exact: true }).fill(place(Date.now() - 600_000));
  await desk.getByLabel("结束", { exact: true }).fill(place(Date.now() - 1_200_000));
  await desk.getByRole("button", { name: "显示计时" }).click();
  assert.match(await desk.getByRole("alert").innerText(), /结束时间须晚于开始时间/);
  assert.equal(await desk.getByLabel("场次名称").inputValue(), "C1 上午");
  await desk.getByLabel("结束", { exact: true }).fill(place(Date.now() + 7_200_000));
  await desk.getByRole("button", { name: "显示计时" }).click();
  await desk.locator(".running-session").waitFor();
  for (const page of [board, screen]) {
    await page.waitForFunction(() => /^0[12]:\d\d:\d\d$/.test(document.querySelector(".clock")?.innerText));
  }
  // A device whose clock is wrong shows the same.
  const context = await browser.newContext({ baseURL: served.base, locale: "zh-CN" });
  const wrong = await context.newPage();
  await wrong.addInitScript(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + 3 * 3_600_000;
  });
  await wrong.goto(`/skill/${skill}`);
  await wrong.waitForFunction(() => /^0[12]:\d\d:\d\d$/.test(document.querySelector(".clock")?.innerText));
  await context.close();
});

// Everything that the public can see of the competition: its pages, its views, and what a socket says.
async function surfaces() {
  const seen = {};
  const topics = [`skill/${skill}`, `competition/${competition}`, "circuit"];
  for (const topic of topics) seen[`GET ${topic}`] = await (await fetch(`${served.base}/api/live/${topic}`)).json();
  const watcher = await open("/");
  for (const topic of topics) {
    seen[`socket ${topic}`] = await watcher.evaluate(
      (topic) =>
        new Promise((resolve, reject) => {
          const socket = new WebSocket(`ws://${location.host}/api/live-socket?topic=${encodeURIComponent(topic)}`);
          socket.onmessage = ({ data }) => (resolve(data), socket.close());
          socket.onerror = reject;
        }),
      topic,
    );
  }
  await watcher.context().close();
  for (const path of ["/", `/competition/${competition}`, `/skill/${skill}`, `/screen/${skill}`]) {
    seen[path] = await (await fetch(served.base + path)).text();
  }
  seen["the open board"] = await board.locator("table.board").innerText();
  seen["the open screen"] = await screen.locator("#live .rows").innerText();
  return seen;
}

const done = async () => {
  const answer = await desk.request.get(`/api/competitions/${competition}`);
  return (await answer.json()).skills[0].progress.done;
};

step("a freeze stops every public surface while marking goes on, and ends everywhere", async () => {
  await desk.getByRole("button", { name: "封榜" }).click();
  await desk.getByText("已封榜").waitFor();
  await board.locator(".status.frozen").waitFor();
  await screen.locator(".status.frozen").waitFor();
  const frozen = await surfaces();
  const marked = await done();
  assert.ok((await tablets[0].say("rest")) > 20);
  assert.ok((await tablets[1].say("rest")) > 10);
  assert.ok((await done()) > marked, "the desk sees the marks");
  assert.deepEqual(await surfaces(), frozen);
  await desk.reload();
  await desk.getByRole("button", { name: "解除封榜" }).click();
  await board.waitForFunction((marked) => Number(document.querySelector(".head .count").innerText.split("/")[0]) > marked, marked);
  await screen.locator(".status.in-progress").waitFor();
  assert.notDeepEqual(await surfaces(), frozen);
});

step("the server goes away and comes back: the pages say so, keep what they show, and go on", async () => {
  const shown = await order(board);
  const lasting = await screen.locator("#live .rows").innerText();
  const gone = Date.now();
  await served.cut();
  await board.locator(".notice.is-shown").waitFor();
  const told = Date.now() - gone;
  assert.ok(told > 3_000 && told < 12_000, `told after ${told} ms`);
  assert.match(await board.locator(".notice").innerText(), /连接中断/);
  await screen.locator(".corner.is-shown").waitFor();
  assert.deepEqual(await order(board), shown);
  assert.equal(await screen.locator("#live .rows").innerText(), lasting);
  await served.start();
  for (const page of [board, screen]) {
    await page.locator(page === board ? ".link.live" : ".corner:not(.is-shown)").waitFor({ state: "attached", timeout: 60_000 });
    assert.ok(await page.evaluate(() => window.isSame), "the page was not loaded again");
  }
  // And it still hears of marks.
  const before = await board.locator(".head .count").innerText();
  assert.ok((await tablets[2].say("rest")) > 10);
  await board.waitForFunction((before) => document.querySelector(".head .count").innerText !== before, before);
});

step("it is closed and released, and the export verifies", async () => {
  await desk.goto(`/desk/competition/${competition}`);
  await desk.locator(".desk-skill .status.under-review").waitFor();
  assert.match(await desk.locator(".next").innerText(), /全部评完了/);
  await board.locator(".status.under-review").waitFor();
  await confirm("结束评分");
  // Who releases results shows more than a password.
  await desk.getByRole("link", { name: "发布成绩前请先启用验证码" }).click();
  await setFactorAt(desk);
  await desk.goto(`/desk/competition/${competition}`);
  await desk.locator("summary", { hasText: "发布暂定成绩" }).waitFor();
  assert.equal(await board.locator(".name", { hasText: "李明远" }).count(), 0, "codes are sealed until the release");
  await confirm("发布暂定成绩");
  await board.locator(".status.provisional").waitFor();
  await board.locator(".name", { hasText: "李明远" }).waitFor();
  await confirm("发布正式成绩");
  await board.locator(".status.official").waitFor();
  await screen.locator(".status.official").waitFor();
  assert.match(await desk.locator(".next").innerText(), /导出/);
  const [download] = await Promise.all([desk.waitForEvent("download"), desk.getByRole("link", { name: "导出" }).click()]);
  const said = served.verify(await download.path());
  assert.match(said, /welding/);
  for (const page of [desk, board, screen]) assert.deepEqual(page.complaints, []);
});
