// A skill's practice at the real program: the organisers make it and print its cards, judges mark the two
// pieces, the desk and the chief judge see who has completed a sheet and how all scored the reference piece.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PHONE, TABLET, ask, audit, chief, competition, desk, enter, fresh, home, mark, rung, skill } from "./chief-hall.mjs";

const line = (page) => page.locator(".desk-skill .practice");
const words = (locator) => locator.innerText().then((text) => text.replace(/\s+/g, " "));

// The cards on a printed page, by the judge's code.
async function cards(page) {
  const all = await page.locator(".judge-cards .judge-card").evaluateAll((cards) =>
    cards.map((card) => ({
      judge: card.querySelector("h2 + .mono").textContent,
      code: card.querySelector(".address").textContent.split("#")[1],
      pin: card.querySelector(".pin").textContent,
    })),
  );
  return Object.fromEntries(all.map((card) => [card.judge, card]));
}

// A tablet signed in by a practice card, at its sheets.
async function practising(card, options) {
  const page = await enter(card, options);
  await page.locator(".home .form").first().waitFor();
  await arrived(page);
  await page.waitForLoadState("networkidle");
  return page;
}
const arrived = (page) => page.waitForFunction(() => /全部评分服务器已收到|the server has every mark/.test(document.querySelector(".sync").textContent));

test("judges practise before day 1, and the desk and the chief judge see how", async () => {
  await competition();
  const organiser = await desk();
  assert.match(await words(line(organiser)), /练习 还没有建立/);
  await line(organiser).locator("a").click();
  await organiser.locator("h1", { hasText: "练习与校准" }).waitFor();
  await audit(organiser, "before there is a practice");
  await organiser.locator("button", { hasText: "建立练习" }).click();
  await organiser.locator("#practice ~ .note", { hasText: "3 位裁判中 0 位已完成一张评分表；还缺：马建华、胡爱民、林晓峰" }).waitFor();
  await organiser.locator(".empty", { hasText: "还没有打完的一轮" }).waitFor();

  // The cards are of the practice, and the way back leads there.
  await organiser.locator("button", { hasText: "打印练习登录卡" }).click();
  await organiser.locator(".judge-card").first().waitFor();
  assert.match(await words(organiser.locator(".judge-card .of").first()), /焊接 · 练习/);
  const printed = await cards(organiser);
  assert.deepEqual(Object.keys(printed), ["J1", "J2", "J3", "J9"]);
  await organiser.locator("a", { hasText: "返回" }).click();

  const one = await practising(printed.J1);
  assert.match(await one.locator("body").innerText(), /焊接 · 练习/);
  const pieces = await one.locator(".form").first().locator(".competitor").allInnerTexts();
  assert.deepEqual(pieces.map((text) => text.split("\n")[0]), ["TRIAL", "REF"]);
  await mark(one, "B1", "TRIAL", "B1.01", rung("达到标准"));
  await arrived(one);
  await organiser.reload();
  await organiser.locator(".note", { hasText: "3 位裁判中 1 位已完成一张评分表；还缺：胡爱民、林晓峰" }).waitFor();
  assert.match(await words(organiser.locator(".practising tr", { hasText: "J1" })), /1 台.*✓ 已完成/);
  assert.match(await words(organiser.locator(".practising tr", { hasText: "J2" })), /没有设备.*○ 还没完成/);

  // Nobody is told of a round before all have scored.
  await home(one);
  await mark(one, "B1", "REF", "B1.01", rung("成形差"));
  const two = await practising(printed.J2, { size: PHONE });
  await mark(two, "B1", "REF", "B1.01", rung("均匀美观"));
  await arrived(two);
  await organiser.reload();
  await organiser.locator(".empty", { hasText: "还没有打完的一轮" }).waitFor();
  const three = await practising(printed.J3, { language: "en" });
  await mark(three, "B1", "REF", "B1.01", rung("达到标准"));
  await arrived(three);

  await organiser.reload();
  await organiser.locator(".calibration").waitFor();
  assert.match(await words(organiser.locator(".calibration tbody tr")), /B1.01 焊缝成形 0 2 1 2 ⚠ 超过 1 1 达到标准/);
  assert.match(await words(organiser.locator(".agreement tbody tr").first()), /J1 马建华 n = 1 0\/1 −1.50 偏严/);
  await organiser.locator(".advice", { hasText: "不改变任何成绩" }).waitFor();
  await audit(organiser, "the desk's page of the practice");

  const leads = await chief();
  await leads.locator("a", { hasText: "练习与校准" }).click();
  await leads.locator(".calibration").waitFor();
  await audit(leads, "the chief judge's page of the practice");
  assert.deepEqual(await leads.locator("select[name=judge] option").allInnerTexts(), ["J1 马建华", "J2 胡爱民", "J3 林晓峰"]);
  await leads.locator("button", { hasText: "出一张练习登录卡" }).click();
  await leads.locator(".judge-card .of", { hasText: "焊接 · 练习" }).waitFor();

  // The same tablet goes on with the skill by its real card, and nothing of the practice is there.
  const card = await ask("POST", `/api/skills/${skill}/cards`, { judge: "J1" });
  await one.evaluate((code) => void (location.hash = code), card.code);
  await one.locator(".notice-box").waitFor();
  await one.locator(".pin").fill(card.pin);
  await one.locator("button[type=submit]").click();
  await one.locator(".competitor", { hasText: "K01" }).first().waitFor();
  assert.ok(!/TRIAL|REF|练习/.test(await one.locator("main, body").first().innerText()));
  const real = (await ask("GET", `/api/skills/${skill}/practice`)).competition.id;
  const results = await ask("GET", `/api/competitions/${real}/results`);
  assert.deepEqual(results.map((row) => [row.competitor, row.total]), [["K01", ""], ["K02", ""]]);
});

test("the page fits a phone, in either language and theme, and prints", async () => {
  await competition();
  await ask("POST", `/api/skills/${skill}/practice`);
  for (const [language, theme, size] of [["zh-CN", "light", PHONE], ["en", "dark", PHONE], ["en", "light", TABLET]]) {
    const page = await desk({ language, theme, size });
    await line(page).locator("a").click();
    await page.locator(".practising").waitFor();
    await audit(page, `${language} ${theme}`);
    const [width, view] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    assert.ok(width <= view, `${width} of ${view}`);
  }
  const page = await fresh();
  await page.goto("/chief/practice");
  await page.locator("h1", { hasText: "裁判长登录" }).waitFor();
});
