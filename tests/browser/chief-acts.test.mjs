// What a chief judge does with sheets, aspects, decisions and times at the real program, with the second
// person at the desk and the judges at their tablets.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PHONE, SIZES, TABLET, audit, away, browser, chief, competition, confirm, decide, desk, done, fresh, home, judge, mark, number, pages, received, rung, signAndLock } from "./chief-hall.mjs";

const SHEETS = "section[aria-labelledby=sheets]";
const DECISIONS = "section[aria-labelledby=decisions]";

// K01 and K02 are measured by J1: 55 and passed, 50 and passed.
async function measured(options) {
  const one = await judge("J1", options);
  for (const [code, value] of [["K01", "55"], ["K02", "50"]]) {
    await mark(one, "尺寸", code, "A1.01", number(value));
    await one.locator(".aspect .mono", { hasText: "A1.02" }).waitFor();
    await rung("是")(one);
    await one.waitForTimeout(320);
    await home(one);
    await received(one);
  }
  return one;
}

for (const [name, size] of SIZES) {
  test(`a locked sheet is opened for one aspect by two persons, its signatures are void, and the tablet corrects just that (${name})`, async () => {
    await competition();
    const one = await measured({ size });
    const page = await chief();
    await signAndLock(page, "K01");
    await page.getByText("已锁定 1 张").waitFor();
    const folded = page.locator(`${SHEETS} details.folded`);
    await folded.locator("> summary").click();
    const locked = folded.locator("li", { hasText: "K01" });
    await locked.locator(".signed-for", { hasText: "J9 代 J1 签字" }).waitFor();
    await decide(locked, "解锁一个评分点", "请第二个人确认");
    await done(page, "已请第二个人确认");
    await page.locator(".proposal", { hasText: "解锁 K01 的评分点 A1.01" }).waitFor();
    await confirm(await desk(), "解锁 K01 的评分点 A1.01 焊缝尺寸合格；这张评分表的签字随之作废");
    await page.bringToFront();
    await page.goto("/chief");
    const opened = page.locator(`${SHEETS} > ul > li`, { hasText: "K01" });
    await opened.locator(".note", { hasText: "已解锁 A1.01" }).waitFor();
    await opened.locator(".waits", { hasText: "J1、J2、J3" }).waitFor();
    assert.equal(await opened.locator(".signed-for").count(), 0, "no signature is left");
    await one.bringToFront();
    await one.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await mark(one, "尺寸", "K01", "A1.01", async () => {
      await number("58")(one);
      await one.waitForTimeout(320);
      await one.locator(".why .answer", { hasText: "重新测量" }).click();
    });
    await received(one);
    await page.bringToFront();
    await page.reload();
    await signAndLock(page, "K01");
    await page.getByText("已锁定 1 张").waitFor();
  });
}

test("a judge asks for an aspect of a locked sheet to be opened, is turned down, asks again and puts it right", async () => {
  await competition();
  const one = await measured();
  const page = await chief();
  await signAndLock(page, "K01");
  await one.bringToFront();
  await one.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await one.locator(".form", { hasText: "尺寸" }).locator(".competitor", { hasText: "K01" }).click();
  await one.waitForTimeout(320);
  const ask = one.getByRole("button", { name: "申请解锁这一项" });
  await ask.click();
  await one.locator(".why", { hasText: "申请解锁：为什么？" }).waitFor();
  await audit(one, "asking for it to be opened");
  await one.waitForTimeout(320);
  await one.locator(".why .answer", { hasText: "看错了" }).click();
  await one.locator(".warning", { hasText: "已申请解锁" }).waitFor();
  // What was said stands on the card too, once the server has it.
  await one.locator(".card .notice-box", { hasText: "已申请解锁，等裁判长" }).waitFor({ timeout: 5_000 });
  assert.equal(await ask.count(), 0);
  await page.bringToFront();
  await page.goto("/chief");
  await page.locator(".next", { hasText: "有 1 处申请或拒签要您处理" }).waitFor();
  const request = page.locator("section[aria-labelledby=requests] li", { hasText: "J1 申请解锁 A1.01 焊缝尺寸合格" });
  await request.getByText("看错了工件或评分点").waitFor();
  await audit(page, "what judges ask for");
  await page.setViewportSize(PHONE);
  const [inner, last] = await request.evaluate((item) => [item.getBoundingClientRect().right - parseFloat(getComputedStyle(item).paddingRight), Math.max(...[...item.querySelectorAll("button, summary")].map((one) => one.getBoundingClientRect().right))]);
  assert.ok(last <= inner + 1, `${last} of ${inner}`);
  await page.setViewportSize(TABLET);
  await decide(request, "不同意");
  await done(page);
  assert.equal(await page.locator("#requests").count(), 0);
  await one.bringToFront();
  // It is told wherever the judge is, and stands on the card.
  await one.locator(".notices .warning", { hasText: /裁判长没有同意解锁：K01 · A1\.01/ }).waitFor({ timeout: 5_000 });
  await one.locator(".card .notice-box", { hasText: "裁判长没有同意解锁" }).waitFor({ timeout: 5_000 });
  await one.waitForTimeout(320);
  await ask.click();
  await one.waitForTimeout(320);
  await one.locator(".why .answer", { hasText: "重新测量" }).click();
  await page.bringToFront();
  await page.waitForTimeout(500);
  await page.goto("/chief");
  await request.getByRole("button", { name: "同意：请第二个人确认解锁" }).click();
  await done(page, "已请第二个人确认");
  await request.getByText("已请第二个人确认解锁").waitFor();
  await confirm(await desk(), "解锁 K01 的评分点 A1.01 焊缝尺寸合格");
  await one.bringToFront();
  await one.locator(".card .notice-box").waitFor({ state: "detached", timeout: 5_000 });
  await number("58")(one);
  await one.waitForTimeout(320);
  await one.locator(".why .answer", { hasText: "重新测量" }).click();
  await received(one);
});

test("a tablet that cannot connect any more is replaced by a card from the chief judge's screen, and what it held comes by its file", async () => {
  await competition();
  const old = await judge("J1");
  await old.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await away(old);
  await mark(old, "尺寸", "K01", "A1.01", number("55"));
  await old.locator(".settings summary").click();
  const [download] = await Promise.all([old.waitForEvent("download"), old.getByRole("button", { name: "导出没有上传的评分" }).click()]);
  const page = await chief();
  const tablet = page.locator("#tablet");
  await tablet.locator("summary").click();
  await audit(page, "what helps where a tablet fails");
  await tablet.locator("select").selectOption("J1");
  await tablet.getByRole("button", { name: "出一张登录卡" }).click();
  const card = page.locator(".judge-card", { hasText: "马建华" });
  const [address, pin] = [await card.locator(".address").innerText(), await card.locator(".pin").innerText()];
  const other = await fresh();
  await other.goto(new URL(address).pathname + new URL(address).hash);
  await other.locator(".pin").fill(pin);
  await other.locator("button[type=submit]").click();
  await other.locator(".home .form").first().waitFor();
  await page.bringToFront();
  await page.getByRole("link", { name: "返回" }).click();
  await page.getByText("2 台设备以这位裁判登录").waitFor();
  await tablet.locator("summary").click();
  await tablet.locator("input[type=file]").setInputFiles(await download.path());
  await tablet.getByRole("button", { name: "导入" }).click();
  await done(page, "1 项计入，0 项此前已收到");
  await other.bringToFront();
  await received(other);
  await other.locator(".competitor", { hasText: "K01" }).first().click();
  await other.locator(".place", { hasText: "A1.01" }).locator(".value", { hasText: "55" }).waitFor();
  // The first one connects again after all, and is told that it had arrived.
  await old.bringToFront();
  await old.context().setOffline(false);
  await received(old);
  assert.equal(await old.locator(".doubtful").count(), 0);
});

// As a person does it who has done it before: looks at each new screen for a second, and types a digit each 300 ms.
const LOOKS_MS = 1_000;
const DIGIT_MS = 300;

test("another tablet is in a judge's hands within 20 seconds, with everything that the first had sent, and what that still holds can be sent", async (t) => {
  await competition();
  const old = await measured();
  await old.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await old.locator(".competitor", { hasText: "K01" }).first().waitFor();
  // Its network fails, and it holds one more.
  await old.context().setOffline(true);
  await mark(old, "尺寸", "K02", "A1.01", async () => {
    await number("52")(old);
    await old.waitForTimeout(320);
    await old.locator(".why .answer", { hasText: "重新测量" }).click();
  });
  const page = await chief();
  // The other one lies there, with its browser open.
  const other = await fresh();
  const looks = (of) => of.waitForTimeout(LOOKS_MS);
  await page.bringToFront();
  const began = performance.now();
  await looks(page);
  const tablet = page.locator("#tablet");
  await tablet.locator("summary").click();
  await looks(page);
  await tablet.locator("select").selectOption("J1");
  await looks(page);
  await tablet.getByRole("button", { name: "出一张登录卡" }).click();
  const card = page.locator(".judge-card", { hasText: "马建华" });
  const address = new URL(await card.locator(".address").innerText());
  const pin = await card.locator(".pin").innerText();
  await looks(page);
  // The camera is held over the code.
  await other.bringToFront();
  await looks(other);
  await other.goto(address.pathname + address.hash);
  await other.locator(".pin").waitFor();
  await looks(other);
  await other.locator(".pin").pressSequentially(pin, { delay: DIGIT_MS });
  await other.locator("button[type=submit]").click();
  const form = other.locator(".form", { hasText: "尺寸" });
  await form.first().waitFor();
  await received(other);
  await looks(other);
  await form.locator(".competitor", { hasText: "K01" }).click();
  await other.locator(".place", { hasText: "A1.01" }).locator(".value", { hasText: "55" }).waitFor();
  await other.locator(".place", { hasText: "A1.02" }).locator(".value", { hasText: "是" }).waitFor();
  const took = performance.now() - began;
  t.diagnostic(`${(took / 1000).toFixed(1)} s`);
  assert.ok(took < 20_000, `${took} ms`);
  await home(other);
  await form.locator(".competitor", { hasText: "K02" }).click();
  await other.locator(".place", { hasText: "A1.01" }).locator(".value", { hasText: "50" }).waitFor();
  // The first one is not signed out: what it holds is sent once it has a network again, and counts.
  await old.bringToFront();
  await old.context().setOffline(false);
  await received(old);
  assert.equal(await old.locator(".doubtful").count(), 0);
  await other.bringToFront();
  await other.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await other.locator(".place", { hasText: "A1.01" }).locator(".value", { hasText: "52" }).waitFor();
});

test("an aspect is voided and the void undone, each shown to both persons before it holds, on a phone without a script", async () => {
  await competition();
  await measured();
  const signedIn = await chief();
  const storageState = await signedIn.context().storageState();
  const context = await browser.newContext({ viewport: PHONE, locale: "zh-CN", baseURL: new URL(signedIn.url()).origin, javaScriptEnabled: false, storageState });
  const page = await context.newPage();
  page.complaints = [];
  pages.push(page);
  await page.goto("/chief");
  const results = page.locator(DECISIONS);
  await results.locator("summary", { hasText: "作废一个评分点" }).click();
  await results.locator("details[open] select[name=aspect]").selectOption("A1.01");
  await results.locator("details[open] textarea").fill("量具坏了");
  await results.locator("details[open] button", { hasText: "看会改变什么" }).click();
  const rows = page.locator(".changes li");
  await rows.first().waitFor();
  // What is read aloud stands between the two.
  const told = async (of) => (await of.allInnerTexts()).map((row) => row.replace(/\s+/g, " "));
  const expected = [/K01 总分 75\.00（未评完） → ?变为? ?80\.00（未评完）/, /K02 总分 70\.00（未评完） → ?变为? ?80\.00（未评完）/];
  for (const [at, row] of (await told(rows)).entries()) assert.match(row, expected[at]);
  assert.equal(await rows.count(), 2);
  await page.getByText("还没有改变任何东西").waitFor();
  await page.getByRole("button", { name: "请第二个人确认" }).click();
  await done(page, "已请第二个人确认");
  const organiser = await desk({ size: PHONE });
  const shown = organiser.locator(".proposal", { hasText: "评分点 A1.01 焊缝尺寸合格 作废，所有选手得满分" });
  assert.deepEqual((await told(shown.locator(".changes li"))).length, 2);
  await audit(organiser, "the desk with what is asked");
  await confirm(organiser, "作废，所有选手得满分");
  await page.goto("/chief");
  const decision = results.locator(".proposal", { hasText: "评分点 A1.01" });
  await decision.getByText("量具坏了").waitFor();
  await decide(decision, "撤销", "看会改变什么");
  for (const row of await told(page.locator(".changes li"))) assert.match(row, /K0\d 总分 80\.00（未评完） → ?变为? ?(75|70)\.00（未评完）/);
  await page.getByRole("button", { name: "请第二个人确认" }).click();
  await confirm(organiser, "撤销决定：评分点 A1.01");
  await page.goto("/chief");
  await results.getByText("没有可撤销的决定").waitFor();
});

test("two sheets change places once a second person saw what that does", async () => {
  await competition();
  await measured();
  const page = await chief();
  const results = page.locator(DECISIONS);
  await results.locator("summary", { hasText: "互换两张评分表" }).click();
  await results.locator("details[open] input[name=competitor]").fill("K01");
  await results.locator("details[open] input[name=other]").fill("K02");
  await results.locator("details[open] textarea").fill("工件放错了");
  await results.locator("details[open] button").click();
  await page.locator(".changes li", { hasText: "K01" }).filter({ hasText: /75\.00[\s\S]*70\.00/ }).waitFor();
  await page.getByRole("link", { name: "返回，不提请" }).click();
  await page.locator("#waiting").waitFor();
  assert.equal(await page.locator("#second").count(), 0, "nobody was asked");
  await results.locator("summary", { hasText: "互换两张评分表" }).click();
  await results.locator("details[open] input[name=competitor]").fill("K01");
  await results.locator("details[open] input[name=other]").fill("K01");
  await results.locator("details[open] textarea").fill("工件放错了");
  await results.locator("details[open] button").click();
  // It stands there as it was filled in, and only what was wrong is typed again.
  await results.locator("details[open]").getByRole("alert").filter({ hasText: "请选择两名不同的选手" }).waitFor();
  await results.locator("details[open] input[name=other]").fill("K02");
  await results.locator("details[open] button").click();
  await page.getByRole("button", { name: "请第二个人确认" }).click();
  await done(page, "已请第二个人确认");
  await confirm(await desk(), "互换 K01 和 K02 的 A1 尺寸 评分表");
});

test("competitors start and hand in by a tap, and everything of one is found by the code", async () => {
  await competition();
  const page = await chief({ size: PHONE });
  const row = (code) => page.locator(".of-competitors tr", { hasText: code });
  await row("K01").getByRole("button", { name: "开始" }).click();
  await done(page);
  await row("K01").locator(".clocks", { hasText: /开始 \d\d:\d\d:\d\d/ }).waitFor();
  await page.locator("summary", { hasText: "全部开始（1 名）" }).click();
  await page.getByRole("button", { name: "现在全部开始" }).click();
  await done(page, "1 条已记入账本");
  await page.locator("input[name=find]").fill("k02");
  await page.getByRole("button", { name: "查找" }).click();
  await row("K02").waitFor();
  assert.equal(await row("K01").count(), 0);
  // What is looked for stays through an act.
  await row("K02").getByRole("button", { name: "交件" }).click();
  await done(page);
  assert.match(page.url(), /find=k02/);
  assert.equal(await row("K01").count(), 0);
  await row("K02").locator(".clocks", { hasText: /交件 \d\d:\d\d:\d\d · 用时 00:0\d:\d\d/ }).waitFor();
  await page.getByRole("link", { name: "显示全部" }).click();
  await row("K01").waitFor();
});

for (const [language, theme] of [["zh-CN", "dark"], ["en", "light"]]) {
  test(`sheets, decisions and differences can be used by everyone: ${language}, ${theme}`, async () => {
    await competition();
    await measured();
    const acting = await chief();
    await signAndLock(acting, "K01");
    await acting.locator(".of-competitors tr", { hasText: "K01" }).getByRole("button", { name: "开始" }).click();
    await done(acting);
    const row = acting.locator(".of-competitors tr", { hasText: "K02" });
    await row.locator("summary", { hasText: "决定" }).click();
    await row.locator("details[open] select").selectOption("penalty");
    await row.locator("details[open] input[name=amount]").fill("1.50");
    await row.locator("details[open] textarea").fill("迟到");
    await row.locator("details[open] button").click();
    await done(acting);
    for (const size of [PHONE, TABLET]) {
      const page = await chief({ size, language, theme });
      for (const fold of await page.locator(".folded > summary").all()) await fold.click();
      for (const ask of await page.locator(".confirm > summary").all()) await ask.click();
      await audit(page, "with everything open");
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing is wider than the screen");
      await page.reload();
      // By keys alone, up to what it would change.
      await page.locator(`${DECISIONS} .proposal summary`).first().focus();
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      await page.keyboard.type("excused");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.locator(".changes li", { hasText: "K02" }).waitFor();
      await audit(page, "what would change");
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing is wider than the screen");
    }
  });
}

test("a form that is refused stands there as it was filled in, open and in view, and only the code disqualifies", async () => {
  await competition();
  for (const [size, language] of [[TABLET, "zh-CN"], [PHONE, "en"]]) {
    const leads = await chief({ size, language });
    const row = leads.locator("section[aria-labelledby=competitors] tr", { hasText: "K02" });
    const form = row.locator("details.confirm");
    await form.locator("summary").click();
    await form.locator("textarea").fill("作弊：带入成品");
    // Nothing is chosen beforehand, and a browser asks for it.
    await form.locator("button").click();
    assert.equal(await form.locator("select").evaluate((select) => select.validity.valueMissing), true);
    await form.locator("select").selectOption("disqualify");
    await form.locator("input[name=word]").fill("K01");
    await form.locator("button").click();
    await form.locator(".wrong[role=alert]", { hasText: "K02" }).waitFor();
    assert.equal(await leads.locator(".wrong").count(), 1);
    assert.equal(await form.locator("select").inputValue(), "disqualify");
    assert.equal(await form.locator("input[name=word]").inputValue(), "K01");
    assert.equal(await form.locator("textarea").inputValue(), "作弊：带入成品");
    assert.ok(await form.locator(".wrong").evaluate((wrong) => {
      const { top, bottom } = wrong.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight;
    }), "it is in view");
    assert.equal(await leads.locator("details.confirm[open]").count(), 1);
    await audit(leads, "a refused form");
    if (process.env.LEITAI_SHOTS) await leads.screenshot({ path: `${process.env.LEITAI_SHOTS}/refused-${size.width}.png` });
    await form.locator("input[name=word]").fill("Ｋ０２");
    await form.locator("button").click();
    if (size === TABLET) {
      await leads.locator(".note.done").waitFor();
      await leads.goto("/chief");
    } else {
      // The first one waits for its second person still.
      await form.locator(".wrong", { hasText: "already" }).waitFor();
    }
  }
});
