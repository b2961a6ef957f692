// What a hall screen does by itself, and what its operator can do.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { closeAll, openLive, order, SIZES, tell } from "./harness.mjs";

const SCREEN = "/screen/s08";

afterEach(async () => {
  await closeAll();
  await tell("reset");
});

const openScreen = () => openLive(SCREEN, { size: SIZES.hall, theme: "auto" });
const number = (page) => page.locator(".pages .number").innerText();

test("a hall screen shows twelve rows, dark, and fits the screen", async () => {
  const { page, complaints } = await openScreen();
  assert.equal((await order(page)).length, 12);
  assert.equal(await page.getAttribute("html", "data-theme"), "dark");
  assert.ok(await page.evaluate(() => document.documentElement.scrollHeight <= innerHeight));
  const smallest = await page.$$eval(".hall .who, .hall .total", (cells) =>
    Math.min(...cells.map((cell) => parseFloat(getComputedStyle(cell).fontSize))),
  );
  assert.ok(smallest >= 0.035 * SIZES.hall.height, `${smallest} px`);
  const clock = await page.locator(".session .clock").evaluate((clock) => parseFloat(getComputedStyle(clock).fontSize));
  assert.ok(clock >= 0.08 * SIZES.hall.height, `${clock} px`);
  assert.deepEqual(complaints, []);
});

test("it turns its pages every ten seconds, until it is paused", async () => {
  const { page } = await openScreen();
  assert.match(await number(page), /第 1 页，共 3 页/);
  await page.waitForFunction(() => document.querySelector(".pages .number").innerText.includes("第 2 页"), null, { timeout: 15_000 });
  await page.keyboard.press(" ");
  await page.getByRole("button", { name: "继续翻页" }).waitFor();
  await page.keyboard.press("ArrowRight");
  assert.match(await number(page), /第 3 页/);
  await page.keyboard.press("ArrowRight");
  assert.match(await number(page), /第 1 页/);
  await page.getByRole("button", { name: "上一页" }).click();
  assert.match(await number(page), /第 3 页/);
  assert.equal((await order(page)).length, 8);
});

test("the pointer is hidden once it rests", async () => {
  const { page } = await openScreen();
  await page.waitForSelector("body.is-idle", { timeout: 10_000 });
  await page.mouse.move(300, 300);
  await page.waitForSelector("body:not(.is-idle)");
});

test("a lost link leaves what was known, and a mark in the corner", async () => {
  const { page } = await openScreen();
  await tell("cut");
  const corner = page.locator(".corner.is-shown");
  await corner.waitFor({ timeout: 15_000 });
  assert.equal(await corner.innerText(), "连接中断");
  assert.ok((await order(page)).length > 0);
  await tell("heal");
  await corner.waitFor({ state: "hidden", timeout: 40_000 });
});

test("the screen is asked to stay on, again whenever it is seen again", async () => {
  const { page } = await openLive(SCREEN, {
    size: SIZES.hall,
    theme: "auto",
    before: () => {
      window.asked = [];
      navigator.wakeLock.request = (what) => (window.asked.push(what), Promise.reject(new Error("not now")));
    },
  });
  const asked = () => page.evaluate(() => window.asked);
  assert.deepEqual(await asked(), ["screen"]);
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  assert.deepEqual(await asked(), ["screen", "screen"]);
});

test("type is large enough for a hall, and the clock larger, also while it waits", async () => {
  const { page } = await openScreen();
  await tell("await");
  await page.waitForFunction(() => document.querySelector(".session .state").innerText === "距开始");
  const size = await page.locator(".session .clock").evaluate((clock) => parseFloat(getComputedStyle(clock).fontSize));
  assert.ok(size >= 0.08 * SIZES.hall.height, `${size} px`);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await tell("end");
  await page.waitForFunction(() => document.querySelector(".session .clock").innerText === "已结束");
  assert.deepEqual(await page.evaluate(() => window.shifts), []);
});

test("the session's clock runs", async () => {
  const { page } = await openScreen();
  const clock = () => page.locator(".session .clock").innerText();
  await page.waitForFunction(() => /^\d\d:\d\d:\d\d$/.test(document.querySelector(".session .clock").innerText));
  const first = await clock();
  await page.waitForFunction((first) => document.querySelector(".session .clock").innerText !== first, first);
});
