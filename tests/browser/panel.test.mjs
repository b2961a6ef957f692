// A panel's sheet from its first scores to the lock at the real program, on three kinds of device, while a
// hall screen looks on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { HALL, PHONE, TABLET, chief, competition, competitionOf, done, fresh, home, mark, number, received, rung, signIn, skill } from "./chief-hall.mjs";

const LARGE = { width: 1366, height: 1024 };
const tap = async (page, locator) => {
  await locator.click();
  await page.waitForTimeout(320);
};
// What the socket does not tell is asked for on coming back to the page.
const look = async (page) => {
  await page.bringToFront();
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
};

// Draws a wave on the pad of the review.
async function draw(page) {
  const pad = page.locator("signature-pad.drawable svg");
  await pad.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await pad.boundingBox();
  const at = (step) => [x + width * (0.15 + step / 60), y + height * (0.5 - 0.25 * Math.sin(step / 3))];
  await page.mouse.move(...at(0));
  await page.mouse.down();
  for (let step = 1; step <= 40; step++) await page.mouse.move(...at(step));
  await page.mouse.up();
  await page.waitForTimeout(320);
}

test("three judges score, one disagrees, all see it and score again, all sign, the sheet is locked, and the hall's screen shows each of it", async () => {
  await competition();
  const hall = await fresh({ size: HALL });
  await hall.goto(`/screen/${skill}`);
  await hall.waitForSelector("html.is-running");
  await hall.evaluate(() => (window.isSame = true));
  const shows = async (order, total) => {
    await hall.bringToFront();
    await hall.waitForFunction(
      ([order, total]) => {
        const rows = [...document.querySelectorAll('tr[data-key^="row:"]')];
        const first = rows.find((row) => row.dataset.key === "row:K01");
        return rows.map((row) => row.dataset.key.slice(4)).join() === order && first.querySelector(".total").innerText.trim() === total;
      },
      [order, total],
    );
  };
  const panel = [];
  for (const [code, size] of [["J1", TABLET], ["J2", LARGE], ["J3", PHONE]]) {
    const page = await signIn(code, { size });
    await page.locator(".home .form").first().waitFor();
    await received(page);
    panel.push(page);
  }
  // What is measured differs by less than a judgement can make up for; a board compares what all have.
  const [one, two, three] = panel;
  await one.bringToFront();
  for (const [code, value] of [["K01", "40"], ["K02", "45"]]) {
    await mark(one, "尺寸", code, "A1.01", number(value));
    await home(one);
  }
  await received(one);
  await shows("K02,K01", "40.00");
  // The third lies further from the others than the rule allows.
  for (const [page, words] of [[one, "全长一致"], [two, "全长一致"], [three, "达到标准"]]) {
    await page.bringToFront();
    await mark(page, "工艺", "K02", "B1.01", rung("达到标准"));
    await home(page);
    await mark(page, "工艺", "K01", "B1.01", rung(words));
    await received(page);
  }
  for (const [page, before] of [[one, 3], [two, 3], [three, 1]]) {
    await look(page);
    await page.locator(".attention", { hasText: `您上一轮打了 ${before}` }).waitFor();
    const said = page.locator(".revealed").first();
    await said.waitFor();
    assert.match((await said.innerText()).replace(/\s+/g, " "), /J1 3 J2 3 J3 1/, "all see all scores");
  }
  await shows("K02,K01", "40.00");
  // They talk, and score again.
  for (const [page, words] of [[one, "全长一致"], [two, "全长一致"], [three, "均匀美观"]]) {
    await page.bringToFront();
    await tap(page, page.locator(".answer", { hasText: words }));
    await received(page);
  }
  await hall.bringToFront();
  await shows("K01,K02", "57.78");
  for (const page of panel) {
    await look(page);
    await tap(page, page.getByRole("button", { name: "核对并签字" }));
    await page.locator(".review li", { hasText: "B1.01" }).locator(".revealed", { hasText: /J1\s*3\s*J2\s*3\s*J3\s*2/ }).waitFor();
    if (page === three) {
      await draw(page);
      await tap(page, page.locator("button.sign.primary"));
      await page.locator("signature-pad.shown img").waitFor();
    } else {
      await tap(page, page.getByRole("button", { name: "不手写，直接签字" }));
    }
    await page.locator(".sign-box", { hasText: "您已签字" }).waitFor();
  }
  const leads = await chief();
  const sheet = leads.locator("section[aria-labelledby=sheets] > ul > li", { hasText: "K01" });
  await sheet.getByAltText("J3 的手写签名").waitFor();
  await sheet.getByRole("button", { name: "锁定" }).click();
  await done(leads);
  await leads.getByText("已锁定 1 张").waitFor();
  for (const page of panel) {
    await look(page);
    await page.locator(".sign-box", { hasText: "评分表已锁定" }).waitFor();
  }
  await shows("K01,K02", "57.78");
  assert.ok(await hall.evaluate(() => window.isSame), "it was not loaded again");
});

test("a panel's score is a tap or two on whole numbers and parts, finer ones by digits, and nothing of the card lies below the screen", async () => {
  const of = (id, about, scores) => `${id},B,工艺,B1,工艺,panel,${about},20.00,,,${scores}`;
  await competitionOf({
    aspects: ["A1.01,A,制作,A1,尺寸,measurement,焊缝尺寸合格,40.00,direct,,,,,,,", of("B1.01", "整体印象：焊缝外观", "0,10,0.5,1,1,2"), of("B1.02", "现场整洁", "0,10,0.1,0,0,2"), of("B1.03", "百分制", "0,100,0.25,1,1,0.2")],
    columns: "score_min,score_max,score_step,drop_high,drop_low,factor",
    rules: "panel-sum",
  });
  for (const [code, size, language] of [["J1", TABLET, "zh-CN"], ["J2", PHONE, "en"]]) {
    const page = await signIn(code, { size, language });
    const press = (name) => tap(page, page.locator(".card").getByRole("button", { name, exact: true }));
    const says = (value) => page.waitForFunction((value) => document.querySelector(".card input").value === value, value);
    const at = (id) => page.locator(".card", { hasText: id }).waitFor();
    const fits = async () => assert.deepEqual(await page.evaluate(() => [document.querySelector(".card").scrollHeight - document.querySelector(".card").clientHeight > 4, document.documentElement.scrollWidth > innerWidth]), [false, false]);
    await tap(page, page.locator(".form", { hasText: "B1" }).locator(".competitor", { hasText: "K01" }));
    await at("B1.01");
    await page.locator(".rule", { hasText: language === "en" ? "Absent judges left out, then 1 highest and 1 lowest, the rest averaged." : "缺席的不计，去掉 1 高 1 低后平均。" }).waitFor();
    await fits();
    assert.equal(await page.locator(".card .key").count(), 3, "no digits where buttons say all");
    await press("8");
    await press(".5");
    await says("8.5");
    assert.deepEqual(await page.locator('.wholes [aria-pressed="true"]').allInnerTexts(), ["8", ".5"]);
    await press("7");
    await says("7");
    await page.locator('.card [aria-label="加一步"], .card [aria-label="A step up"]').click();
    await says("7.5");
    await page.waitForTimeout(320);
    // The most is ten: what is more is said, and not taken.
    await press("10");
    await press(".5");
    await page.locator(".problem", { hasText: "10" }).waitFor();
    assert.ok(await page.locator(".give").isDisabled());
    await press("8");
    await tap(page, page.locator(".give"));
    await at("B1.02");
    await page.locator(".rule", { hasText: language === "en" ? "Absent judges left out, the rest averaged." : "缺席的不计，其余平均。" }).waitFor();
    if (size === PHONE) await page.locator(".give").scrollIntoViewIfNeeded();
    await press("9");
    await press(".3");
    await tap(page, page.locator(".give"));
    await at("B1.03");
    for (const key of ["8", "6", ".", "7", "5"]) await page.locator(".card .key", { hasText: new RegExp(`^[${key}]$`) }).click();
    await says("86.75");
    await tap(page, page.locator(".give"));
    await page.locator(".finished").waitFor();
    await received(page);
    for (const [id, value] of [["B1.01", "8"], ["B1.02", "9.3"], ["B1.03", "86.75"]]) {
      await tap(page, page.locator(".place", { hasText: id }));
      await page.locator(".stands strong", { hasText: new RegExp(`^${value.replace(".", "[.]")}$`) }).waitFor();
    }
  }
});
