// The chief judge's page at the real program: two judges who meet in one cell, a mark after the close,
// a panel that disagrees, and who may look.
import assert from "node:assert/strict";
import { test } from "node:test";
import { HALL, PHONE, TABLET, ask, audit, away, browser, chief, competition, confirm, decide, desk, fresh, home, judge, mark, number, pages, received, rung, served, skill, unlock } from "./chief-hall.mjs";

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
  // What each tablet told of itself: Chromium on a machine without a battery calls it full and charging.
  const told = page.locator(".judge-left", { hasText: "J1" }).locator(".device-of");
  await page.waitForFunction((line) => line.innerText.includes("未发送 0"), await told.elementHandle());
  assert.match(await told.innerText(), /● …\w+ 在线 · 电量 100%，充电中 · 未发送 0 · 程序 \w{6} · 有签名密钥 · 已录入过/);
  for (const tablet of panel) {
    await look(tablet);
    await tablet.getByRole("button", { name: "不手写，直接签字" }).click();
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
  await confirm(await desk(), "计入 J1 迟到的评分 K01 A1.01：58，代替 空白");
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
  await unlock(one);
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
