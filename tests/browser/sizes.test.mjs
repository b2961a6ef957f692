// The judge's app at each size of text, on a phone and on a tablet, in both languages: what a mark needs is in
// view, words stay whole, and what is tapped is as large as a gloved finger.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PHONE, TABLET, away, competitionOf, home, mark, number, received, signIn } from "./chief-hall.mjs";

const LEAST = 56;
const of = (id, about, scores) => `${id},B,工艺,B1,工艺,panel,${about},20.00,,,,,,,${scores},2`;
const setUp = () =>
  competitionOf({
    aspects: [
      "A1.01,A,制作,A1,尺寸,measurement,焊缝尺寸合格,20.00,direct,,,,,,,,,,,",
      "B2.01,B,工艺,B2,成形,judgement,焊缝成形与外观,20.00,,,成形差，有明显缺陷,达到行业标准,均匀美观，超过标准,全长一致，没有缺陷,,,,,,",
      of("B1.01", "整体印象：焊缝外观", "0,10,0.5,1,1"),
      of("B1.02", "现场整洁", "0,10,0.1,0,0"),
    ],
    columns: "rung_0,rung_1,rung_2,rung_3,score_min,score_max,score_step,drop_high,drop_low,factor",
    rules: "panel-sum",
  });

const tap = async (page, locator) => {
  await locator.click();
  await page.waitForTimeout(320);
};
const set = (page, name, value) => page.evaluate(([name, value]) => document.documentElement.setAttribute(`data-${name}`, value), [name, value]);
const sheet = (page, form) => tap(page, page.locator(".form", { hasText: form }).locator(".competitor", { hasText: "K02" }));

// What is wrong with what is shown.
const faults = (least) => {
  const shown = (place) => [...document.querySelectorAll(place)].filter((one) => one.checkVisibility());
  const lines = (element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return new Set([...range.getClientRects()].map(({ bottom }) => Math.round(bottom))).size;
  };
  const name = (element) => element.innerText.trim() || element.getAttribute("aria-label") || element.tagName;
  const found = [];
  if (document.documentElement.scrollWidth > innerWidth) found.push("scrolls sideways");
  for (const one of shown(".who .code, header.site .languages button, header.site summary, dialog header button, .competitor strong"))
    if (lines(one) > 1) found.push(`${name(one)} is broken`);
  const title = shown(".form > header h2")[0];
  if (title && lines(title) > 2) found.push(`${name(title)} is broken`);
  const bottom = document.querySelector("footer.bar").getBoundingClientRect().top;
  for (const one of shown(".card :is(.answer, .wholes button, .pad input, .key, .give)"))
    if (one.getBoundingClientRect().bottom > bottom) found.push(`${name(one)} is below the screen`);
  for (const one of shown(".stands"))
    if (one.scrollHeight > one.clientHeight + 1) found.push(`${name(one)} is covered`);
  for (const one of least ? shown("main button, .bar button") : []) {
    const { width, height } = one.getBoundingClientRect();
    if (width < least || height < least) found.push(`${name(one)} is ${width} by ${height}`);
  }
  return found;
};

for (const language of ["zh-CN", "en"]) {
  test(`what a mark needs is in view and whole at each size of text (${language})`, async () => {
    await setUp();
    const page = await signIn("J1", { language });
    await page.locator(".home .form").first().waitFor();
    await received(page);
    const found = [];
    const look = async (what) => {
      for (const [device, size] of Object.entries({ PHONE, TABLET })) {
        await page.setViewportSize(size);
        for (const text of ["normal", "large", "huge"]) {
          await set(page, "size", text);
          for (const fault of await page.evaluate(faults, text === "normal" && LEAST)) found.push(`${what}, ${device}, ${text}: ${fault}`);
        }
      }
      await set(page, "size", "normal");
    };
    await look("all sheets");
    for (const [form, places] of [["B1", ["B1.01", "B1.02"]], ["B2", ["B2.01"]], ["A1", ["A1.01"]]]) {
      await sheet(page, form);
      for (const place of places) {
        await tap(page, page.locator(".place", { hasText: place }));
        await page.locator(".card", { hasText: place }).waitFor();
        await look(place);
      }
      await tap(page, page.locator(".notes-of"));
      await look("notes");
      await page.keyboard.press("Escape");
      await home(page);
    }
    assert.deepEqual(found, []);
  });
}

test("in one hand on a phone, what is tapped lies low", async () => {
  await setUp();
  const page = await signIn("J3", { size: PHONE });
  await sheet(page, "B2");
  for (const hand of ["left", "right"]) {
    await set(page, "hand", hand);
    const [first, last] = await page.$$eval(".answer", (all) => [all[0], all.at(-1)].map((one) => one.getBoundingClientRect()));
    assert.ok(first.top > PHONE.height / 2, `${hand}: the first lies at ${first.top}`);
    assert.ok(last.bottom > PHONE.height - 160, `${hand}: the last ends at ${last.bottom}`);
  }
});

test("on a phone without a network, what was entered is told within the bar, and beside it what does not count", async () => {
  await setUp();
  const [page, other] = [await signIn("J1", { size: PHONE, language: "en" }), await signIn("J2")];
  for (const one of [page, other]) await received(one);
  await away(page);
  await other.bringToFront();
  await mark(other, "A1", "K02", "A1.01", number("12"));
  await received(other);
  await page.bringToFront();
  await mark(page, "A1", "K02", "A1.01", number("13"));
  const bar = () => page.$eval("footer.bar", (bar) => [bar, bar.querySelector(".undo span")].map((one) => one.getBoundingClientRect()).map(({ top, bottom, height }) => ({ top, bottom, height })));
  await page.locator(".undo", { hasText: "K02 · A1.01: 13 entered (offline, 1 to be sent)" }).waitFor();
  const [whole, said] = await bar();
  assert.ok(said.top >= whole.top && said.bottom <= whole.bottom && said.height < LEAST, JSON.stringify([whole, said]));
  await page.context().setOffline(false);
  const chip = await page.locator(".bar .doubtful").boundingBox();
  assert.ok(chip.width >= LEAST && chip.height >= LEAST, JSON.stringify(chip));
});
