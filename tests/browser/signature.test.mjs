// Signatures drawn at the real program: by finger on a judge's tablet, with and without a network, and what
// the chief judge sees of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PHONE, TABLET, audit, away, chief, competition, home, judge, mark, pages, received, rung, served, signIn, unlock } from "./chief-hall.mjs";

// Beyond the app's guard against the second half of a trembling hand's tap.
const tap = async (page, locator) => {
  await locator.click();
  await page.waitForTimeout(320);
};
// What the socket does not tell is asked for on coming back to the page.
const look = async (page) => {
  await page.bringToFront();
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
};
const shot = (page, name) => process.env.LEITAI_SHOTS && page.screenshot({ path: `${process.env.LEITAI_SHOTS}/${name}.png` });
const pad = (page) => page.locator("signature-pad.drawable svg");
const gives = (page) => page.locator("button.sign.primary");

// Draws two strokes on the pad.
async function draw(page) {
  await pad(page).scrollIntoViewIfNeeded();
  // It stands in the review, over nothing else.
  assert.equal(await page.locator("signature-pad.drawable").evaluate((pad) => getComputedStyle(pad).position), "relative");
  const { x, y, width, height } = await pad(page).boundingBox();
  const at = (right, down) => [x + width * right, y + height * down];
  await page.mouse.move(...at(0.15, 0.6));
  await page.mouse.down();
  for (let step = 0; step <= 40; step++) await page.mouse.move(...at(0.15 + step / 80, 0.5 - 0.25 * Math.sin(step / 3)));
  await page.mouse.up();
  await page.mouse.move(...at(0.7, 0.3));
  await page.mouse.down();
  await page.mouse.move(...at(0.85, 0.7), { steps: 12 });
  await page.mouse.up();
  // The end of a stroke is a tap, too.
  await page.waitForTimeout(320);
}

// A judge at the review of K01's sheet B1, scored by all three.
async function scored(options = {}) {
  await competition();
  const panel = [];
  for (const code of ["J1", "J2", "J3"]) {
    const page = await signIn(code, options);
    await page.locator(".home .form").first().waitFor();
    await page.locator(".bar.live").waitFor();
    await page.waitForLoadState("networkidle");
    await page.bringToFront();
    await mark(page, options.language === "en" ? "B1" : "工艺", "K01", "B1.01", rung("均匀美观"));
    await page.locator(".sync", { hasText: /全部评分服务器已收到|the server has every mark/ }).waitFor();
    await tap(page, page.getByRole("button", { name: options.language === "en" ? "Review and sign" : "核对并签字" }));
    panel.push(page);
  }
  for (const page of panel) {
    await look(page);
    await pad(page).waitFor();
  }
  return panel;
}

test("a judge draws the signature, sees it on the sheet, and the chief judge sees it too", async () => {
  const [one, two] = await scored();
  await look(one);
  assert.ok(await gives(one).isDisabled(), "nothing is drawn");
  await audit(one, "the pad");
  // A touch by mistake is no signature.
  const { x, y, width, height } = await pad(one).boundingBox();
  await one.mouse.click(x + width / 2, y + height / 2);
  assert.ok(await gives(one).isDisabled());
  await draw(one);
  await shot(one, "pad-tablet-zh");
  await one.locator("button.sign.plain").waitFor({ state: "hidden" });
  await tap(one, one.locator("signature-pad button"));
  assert.ok(await gives(one).isDisabled(), "cleared");
  assert.equal(await one.locator("signature-pad path").last().getAttribute("d"), "");
  await draw(one);
  // What is told of the sheets meanwhile does not take the drawing away.
  await look(one);
  await one.waitForLoadState("networkidle");
  const drawn = await one.locator("signature-pad").evaluate((element) => element.value);
  assert.match(drawn, /^(M\d+,\d+l(-?\d+,-?\d+ ?)+){2}$/, "strokes in whole numbers");
  assert.ok(drawn.length < 1_000, `${drawn.length} bytes`);
  await tap(one, gives(one));
  await one.locator(".sign-box", { hasText: "您已签字" }).waitFor();
  const picture = one.locator("signature-pad.shown img");
  await picture.waitFor();
  assert.equal(await picture.evaluate((image) => image.decode().then(() => image.naturalWidth > 0)), true);
  await shot(one, "signed-tablet-zh");
  // Another signs without drawing.
  await look(two);
  await tap(two, two.locator("button.sign.plain"));
  await two.locator(".sign-box", { hasText: "您已签字" }).waitFor();
  assert.equal(await two.locator("signature-pad.shown").count(), 0);

  const page = await chief();
  const sheet = page.locator("section[aria-labelledby=sheets] li", { hasText: "K01" });
  const seen = sheet.getByAltText("J1 的手写签名");
  await seen.scrollIntoViewIfNeeded();
  assert.equal(await seen.evaluate((image) => image.decode().then(() => image.naturalWidth > 0)), true);
  const svg = await seen.evaluate(async (image) => (await fetch(image.src)).text());
  assert.ok(svg.includes(`d="${drawn}"`), "exactly what was drawn");
  assert.equal(await sheet.locator(".drawn img").count(), 1);
  await audit(page, "the chief judge's page");
  await shot(page, "chief-tablet-zh");
});

test("a sheet is signed without a network, also over a reload, and the signature is sent later", async () => {
  const [one] = await scored();
  await look(one);
  await one.waitForFunction(() => navigator.serviceWorker.controller);
  await away(one);
  await draw(one);
  await tap(one, gives(one));
  await one.locator(".sign-box", { hasText: "已保存在本机" }).waitFor();
  const strokes = await one.locator("signature-pad.shown path").getAttribute("d");
  await shot(one, "offline-tablet-zh");
  await one.reload();
  await unlock(one);
  await one.locator(".home .form").first().waitFor();
  await one.locator(".competitor.signed", { hasText: "K01" }).waitFor();
  assert.equal(await one.locator(".to-sign").count(), 0, "it waits for nothing more");
  await one.locator(".form", { hasText: "工艺" }).locator(".competitor", { hasText: "K01" }).click();
  await one.waitForTimeout(320);
  await tap(one, one.getByRole("button", { name: "核对" }).first());
  await one.locator(".sign-box", { hasText: "已保存在本机" }).waitFor();
  assert.equal(await one.locator("signature-pad.shown path").getAttribute("d"), strokes, "it is shown from this device");
  assert.equal(await gives(one).count(), 0);
  await one.context().setOffline(false);
  await one.locator(".sign-box", { hasText: "您已签字。" }).waitFor();
  await one.locator("signature-pad.shown img").waitFor();
  const page = await chief();
  const svg = await page.getByAltText("J1 的手写签名").evaluate(async (image) => (await fetch(image.src)).text());
  assert.ok(svg.includes(`d="${strokes}"`));
});

test("a correction makes a drawn signature void, and it is drawn anew", async () => {
  const [one, two] = await scored();
  await look(one);
  await draw(one);
  await tap(one, gives(one));
  await one.locator("signature-pad.shown img").waitFor();
  await look(two);
  await tap(two, two.getByRole("button", { name: "回到这张表" }));
  await tap(two, two.locator(".answer.rung").nth(1));
  await tap(two, two.locator(".why .answer", { hasText: "商议后更改" }));
  await received(two);
  await look(one);
  await pad(one).waitFor();
  assert.ok(await gives(one).isDisabled(), "the pad is blank again");
  const page = await chief();
  await page.locator("section[aria-labelledby=sheets] li", { hasText: "K01" }).waitFor();
  assert.equal(await page.locator(".drawn img").count(), 0);
});

test("the pad on a phone, in English", async () => {
  const [one] = await scored({ size: PHONE, language: "en" });
  await look(one);
  await draw(one);
  await audit(one, "the pad on a phone");
  await shot(one, "pad-phone-en");
  await tap(one, gives(one));
  await one.locator(".sign-box", { hasText: "You have signed" }).waitFor();
  await one.locator("signature-pad.shown img").waitFor();
  await shot(one, "signed-phone-en");
  const page = await chief({ size: PHONE, language: "en" });
  await page.getByAltText("Signature of J1").scrollIntoViewIfNeeded();
  await audit(page, "the chief judge's page on a phone");
  await shot(page, "chief-phone-en");
});
