// A chief judge calls competitors, and labels are scanned: where the tablets go, and what they ask first.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { PHONE, ask, audit, chief, competition, desk, fresh, mark, number, received, served, signIn, skill, unlock } from "./chief-hall.mjs";

// How soon a tablet is to follow.
const SOON = 1_500;
// Beyond the guard against a second tap, and against a tap as something comes under it.
const GUARD = 350;

beforeEach(() => competition("K03,赵国强", "K 04,孙丽"));

async function judge(code, options) {
  const page = await signIn(code, options);
  await page.locator(".home .form").first().waitFor();
  await page.waitForFunction(() => /全部评分服务器已收到|the server has everything/.test(document.querySelector(".sync").textContent));
  await page.waitForTimeout(GUARD);
  return page;
}

// Calls a competitor from the chief judge's page.
async function call(page, code, sub = "") {
  const form = page.locator('form.line[action^="/chief/call"]');
  await form.locator("select[name=competitor]").selectOption(code);
  await form.locator("select[name=sub_criterion]").selectOption(sub);
  await form.locator("button").click();
  await page.locator(".done").waitFor();
}

const tap = async (page, locator) => {
  await locator.click();
  await page.waitForTimeout(GUARD);
};
const open = async (page, form, code) => {
  await tap(page, page.locator(".form", { hasText: form }).locator(".competitor", { hasText: code }));
  await page.locator(".who .code", { hasText: code }).waitFor();
};
const at = (page, code, options) => page.locator(".sheet .who .code", { hasText: code }).waitFor(options);
const asks = (page) => page.locator(".asks", { has: page.locator("button:nth-of-type(2):not(:empty)") });
const line = (page) => page.locator(".asks", { has: page.locator("button:nth-of-type(2):empty") });
const answer = async (page, words) => {
  await page.waitForTimeout(GUARD);
  await tap(page, asks(page).locator("button", { hasText: words }));
};
// Scans a label with the camera of the device that shows the page.
const scan = (page, code) => page.evaluate((code) => void (location.hash = `open=${encodeURIComponent(code)}`), code);

test("the tablets of a panel follow the chief judge's call", async () => {
  const leads = await chief();
  const atHome = await judge("J1", { size: PHONE });
  const onSheet = await judge("J2");
  await open(onSheet, "B1", "K01");
  await call(leads, "K02");
  await Promise.all([at(atHome, "K02", { timeout: SOON }), at(onSheet, "K02", { timeout: SOON })]);
  assert.match(await onSheet.locator(".who .what").innerText(), /B1/, "in the form at hand");
  assert.match(await atHome.locator(".who .what").innerText(), /A1/, "in the first form of that call");
  assert.match(await leads.locator("#calls ~ .called").innerText(), /K02[\s\S]*整个赛项[\s\S]*J9/);

  // Whoever goes home stays there, and sees who is called.
  await tap(atHome, atHome.locator(".back"));
  const marked = atHome.locator('.competitor[aria-current="true"]');
  assert.deepEqual(await marked.allInnerTexts(), ["K02\n◉ 叫号 0/2", "K02\n◉ 叫号 0/1"]);
  await atHome.waitForTimeout(SOON);
  assert.equal(await atHome.locator(".home").count(), 1);

  // The next one by one button; whoever loads the page later is led as well.
  await leads.locator("button", { hasText: "叫下一位 K03" }).click();
  await Promise.all([at(atHome, "K03", { timeout: SOON }), at(onSheet, "K03", { timeout: SOON })]);
  const late = await signIn("J3");
  await at(late, "K03");

  // A panel of its own; another's tablets stay.
  await tap(onSheet, onSheet.locator(".back"));
  await call(leads, "K01", "B1");
  await at(onSheet, "K01", { timeout: SOON });
  assert.match(await onSheet.locator(".who .what").innerText(), /B1/);
  await leads.locator("button", { hasText: "结束" }).first().click();
  await leads.locator(".done", { hasText: "叫号已结束" }).waitFor();
  await atHome.waitForTimeout(SOON);
  assert.equal(await atHome.locator(".code").innerText(), "K01", "a call that ends moves nobody");
});

test("a judge in the middle of a sheet is asked, and nothing moves or is lost", async () => {
  const leads = await chief();
  const page = await judge("J1", { size: PHONE });
  await mark(page, "A1", "K01", "A1.01", number("40"));
  await page.locator(".undo").waitFor({ state: "detached", timeout: 15_000 });
  await page.locator(".aspect .mono", { hasText: "A1.02" }).waitFor();
  const before = await page.locator(".answer").first().boundingBox();
  await call(leads, "K02");
  await asks(page).waitFor({ timeout: SOON });
  assert.match(await asks(page).innerText(), /裁判长叫到 K02。\s*去评\s*留在 K01/);
  assert.equal(await page.locator(".who .code").innerText(), "K01");
  assert.deepEqual(await page.locator(".answer").first().boundingBox(), before, "nothing moved");
  const heights = await asks(page).locator("button").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
  assert.ok(heights.every((height) => height >= 56), `${heights}`);
  await audit(page, "the question");
  await answer(page, "留在 K01");
  assert.equal(await page.locator(".who .code").innerText(), "K01");
  assert.equal(await line(page).innerText(), "叫号：K02");
  assert.deepEqual(await page.locator(".answer").first().boundingBox(), before, "nothing moved");
  await audit(page, "the line");
  // It blocks nothing, and leads there.
  await tap(page, page.locator(".answer.yes"));
  await tap(page, line(page).locator("button").first());
  await at(page, "K02");
  assert.equal(await line(page).count(), 0);

  // What is typed is a beginning, and is there again afterwards.
  await page.locator(".card input").fill("12");
  await call(leads, "K03");
  await answer(page, "去评");
  await at(page, "K03");
  await tap(page, page.locator(".across").first());
  await at(page, "K02");
  assert.equal(await page.locator(".card input").inputValue(), "12");

  // Why a value is corrected is asked in peace.
  await tap(page, page.locator(".back"));
  await open(page, "A1", "K01");
  await page.locator(".card input").fill("41");
  await tap(page, page.locator(".give"));
  await page.locator(".why").waitFor();
  await call(leads, "K02");
  await asks(page).waitFor({ timeout: SOON });
  assert.equal(await page.locator(".why").count(), 1);
  await leads.locator("button", { hasText: "结束" }).first().click();
  await asks(page).waitFor({ state: "detached", timeout: SOON });
  assert.equal(await page.locator(".why").count(), 1, "a call that ends asks nothing any more");
});

test("nothing moves under a finger or while an entry can be taken back", async () => {
  const leads = await chief();
  const page = await judge("J1");
  await mark(page, "B1", "K01", "B1.01", (page) => page.locator(".answer", { hasText: "达到标准" }).click());
  await page.locator(".undo").waitFor();
  await call(leads, "K02");
  await asks(page).waitFor({ timeout: SOON });
  assert.equal(await page.locator(".who .code").innerText(), "K01", "the sheet is whole, and can still be taken back");
  await at(page, "K02", { timeout: 12_000 });
  assert.equal(await page.locator(".asks").count(), 0);
  assert.equal(await page.locator(".undo").count(), 0);

  // A question that comes under a tap is not answered by it.
  await page.locator(".card input, .answer").first().waitFor();
  await tap(page, page.locator(".back"));
  await open(page, "A1", "K03");
  await page.locator(".card input").fill("3");
  await page.evaluate(() => {
    new MutationObserver((_, observer) => {
      const stay = document.querySelector(".asks .quiet:not(:empty)");
      if (!stay) return;
      observer.disconnect();
      stay.click();
    }).observe(document.body, { characterData: true, childList: true, subtree: true });
  });
  await call(leads, "K01");
  await asks(page).waitFor({ timeout: SOON });
  await page.waitForTimeout(GUARD);
  assert.equal(await asks(page).count(), 1);
  // The call comes while a finger taps: the page moves only then when it has stopped.
  await page.locator(".card input").fill("");
  await answer(page, "留在 K03");
  await tap(page, page.locator(".back"));
  const taps = page.evaluate(async () => {
    const codes = [];
    for (let at = 0; at < 12; at++) {
      window.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
      codes.push(document.querySelector(".who .code")?.textContent ?? "");
      await new Promise((done) => setTimeout(done, 150));
    }
    return codes;
  });
  await call(leads, "K02");
  assert.deepEqual(await taps, Array(12).fill(""), "not under a finger");
  await at(page, "K02", { timeout: SOON });
});

test("a judge who walks stays at the aspect", async () => {
  const leads = await chief();
  const page = await judge("J1");
  await tap(page, page.locator(".form", { hasText: "A1" }).locator(".walk"));
  await tap(page, page.locator(".across").last());
  await page.locator(".aspect .mono", { hasText: "A1.02" }).waitFor();
  await tap(page, page.locator(".answer.yes"));
  await page.locator(".undo").waitFor({ state: "detached", timeout: 15_000 });
  await call(leads, "K03", "A1");
  await at(page, "K03", { timeout: SOON });
  assert.equal(await page.locator(".aspect .mono").innerText(), "A1.02");
  assert.equal(await page.locator(".place").count(), 4, "it walks on");
});

test("a label opens its competitor's sheet, and a mismatch asks", async () => {
  const leads = await chief();
  await leads.locator("a", { hasText: "打印选手标签" }).click();
  await leads.locator(".label").first().waitFor();
  const addresses = await leads.locator(".label a").evaluateAll((all) => all.map((one) => one.href));
  assert.deepEqual(addresses, ["K01", "K02", "K03", "K%2004"].map((code) => `${served.base}/judge#open=${code}`));
  assert.ok(!/李明远|王秀兰|赵国强|孙丽/.test(await leads.content()), "no name is on a label");
  await leads.goto("/chief");

  const page = await judge("J1", { size: PHONE });
  await page.goto(addresses[3]);
  await at(page, "K 04");
  assert.equal(new URL(page.url()).hash, "");
  await page.reload();
  await unlock(page);
  await page.locator(".home .form").first().waitFor();
  assert.equal(await page.locator(".sheet").count(), 0, "a label is scanned once");
  // In the form at hand; the same again changes nothing.
  await open(page, "B1", "K01");
  await scan(page, "K02");
  await at(page, "K02");
  assert.match(await page.locator(".who .what").innerText(), /B1/);
  await scan(page, "K02");
  assert.equal(await asks(page).count(), 0);
  await scan(page, "X9");
  await page.locator(".notices .warning", { hasText: "X9：不是您在本赛项评分的选手；请核对标签。" }).waitFor();
  assert.equal(await page.locator(".who .code").innerText(), "K02");
  await tap(page, page.locator(".notices .warning button", { hasText: "知道了" }));

  await call(leads, "K03");
  await at(page, "K03", { timeout: SOON });
  await scan(page, "K01");
  await asks(page).waitFor();
  assert.match(await asks(page).innerText(), /这是 K01 的标签；K03 是现在叫到的选手。\s*打开 K01\s*留在 K03/);
  await answer(page, "留在 K03");
  await at(page, "K03");
  assert.equal(await page.locator(".asks").count(), 0);
  await scan(page, "K01");
  await answer(page, "打开 K01");
  await at(page, "K01");
  assert.equal(await line(page).innerText(), "叫号：K03");

  // A sheet that is begun asks as well, also where the camera opens a page of its own.
  await leads.locator("button", { hasText: "结束" }).first().click();
  await tap(page, page.locator(".back"));
  await mark(page, "A1", "K02", "A1.01", number("40"));
  await scan(page, "K03");
  await asks(page).waitFor();
  assert.match(await asks(page).innerText(), /这是 K03 的标签；K02 的评分表还没评完。/);
  await answer(page, "留在 K02");
  await received(page);
  await page.goto("about:blank");
  await page.goto(addresses[2]);
  await unlock(page);
  await asks(page).waitFor();
  assert.match(await asks(page).innerText(), /这是 K03 的标签；K02 的评分表还没评完。/);
  await answer(page, "留在 K02");
  await at(page, "K02");
  assert.equal(await page.locator(".aspect .mono").innerText(), "A1.02", "where it was left");
});

test("a label comes after the sign-in, and one of a competitor who is out opens and says so", async () => {
  const leads = await chief();
  const of = leads.locator(".of-competitors tr", { hasText: "K02" });
  await of.locator("summary", { hasText: "决定" }).click();
  await of.locator("details[open] select").selectOption("absent");
  await of.locator("details[open] textarea").fill("没有到场");
  await of.locator("details[open] button", { hasText: "记入账本" }).click();
  await leads.locator(".done").waitFor();
  const page = await fresh({ language: "en" });
  await page.goto("/judge#open=K02");
  await page.locator(".notices", { hasText: "K02: this sheet opens once you have signed in." }).waitFor();
  const card = await ask("POST", `/api/skills/${skill}/cards`, { judge: "J1" });
  await page.evaluate((code) => void (location.hash = code), card.code);
  await page.locator("p", { hasText: "The card was read" }).waitFor();
  await page.locator(".pin").fill(card.pin);
  await page.locator("button[type=submit]").click();
  await at(page, "K02");
  await page.locator(".notice-box", { hasText: "the competitor is out" }).waitFor();
  assert.equal(await page.locator(".notices .warning").count(), 0);
});

test("labels are printed a few on a sheet, and the desk leads to them", async () => {
  const page = await desk();
  await page.locator("a", { hasText: "选手标签" }).click();
  await page.locator(".label").first().waitFor();
  await audit(page, "labels");
  assert.equal(await page.locator(".label .code").first().innerText(), "K01");
  const pdf = await page.pdf({ format: "A4", preferCSSPageSize: true });
  assert.equal((pdf.toString("latin1").match(/\/Type\s*\/Page\b/g) ?? []).length, 1, "four labels on one sheet");
  await page.emulateMedia({ media: "print" });
  const [label] = await page.locator(".label").all();
  const box = await label.boundingBox();
  const size = await label.locator(".code").evaluate((code) => Number.parseFloat(getComputedStyle(code).fontSize));
  assert.ok(size > 60, `${size}`);
  assert.ok(box.height > 250 && box.height < 340, JSON.stringify(box));
  assert.equal(await page.locator(".labels-head").isVisible(), false);
});
