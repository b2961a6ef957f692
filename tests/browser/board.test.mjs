// What a spectator does with a board, and what a board does by itself.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { afterEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { brotliCompressSync } from "node:zlib";
import { base, closeAll, drawn, open, openLive, order, SIZES, still, tell } from "./harness.mjs";

const BOARD = "/skill/s08";
const BYTES_MAX = 80 * 1024;

afterEach(async () => {
  await closeAll();
  await tell("reset");
});

test("a board shows without a script, and is loaded again from time to time", async () => {
  const { page } = await open(BOARD, { javaScriptEnabled: false });
  assert.equal(await page.locator("tr.row").count(), 32);
  assert.match(await page.locator("tr.row").first().innerText(), /94\.80/);
  const html = await (await fetch(base + BOARD)).text();
  assert.match(html, /<noscript><meta http-equiv="refresh" content="30"><\/noscript>/);
  // What a row is made of opens without a script too.
  await page.locator("summary").first().click();
  assert.ok(await page.locator(".breakdown").first().isVisible());
  assert.ok(!(await page.locator("td.star button").first().isVisible()), "a star needs a script");
});

test("a page without the live part is loaded again from time to time", async () => {
  const { page } = await open(BOARD, { javaScriptEnabled: true });
  await page.addInitScript(() => delete window.WebSocket);
  await page.addInitScript(() => {
    const wait = window.setTimeout.bind(window);
    window.waits = [];
    window.setTimeout = (act, pause, ...rest) => (window.waits.push(pause), wait(act, pause, ...rest));
  });
  await page.reload();
  await page.waitForFunction(() => window.waits.includes(30000));
  assert.equal(await page.locator("html.is-running").count(), 0);
});

test("the live part takes the page over in silence, and changes nothing by it", async () => {
  const before = await open(BOARD, { javaScriptEnabled: false });
  const text = (page) => page.locator("table.board").innerText();
  const rendered = await text(before.page);
  const { page, complaints } = await openLive(BOARD);
  assert.equal(await text(page), rendered);
  assert.deepEqual(complaints, []);
  assert.equal(await page.locator(".link").innerText(), "实时更新");
  // The very elements that the server rendered are still there.
  assert.deepEqual(await page.evaluate(() => window.shifts), []);
});

test("a board that comes in pieces, each ending within a row, does not jump", async () => {
  const html = await (await fetch(base + BOARD)).text();
  // Cut before each tag of the third row.
  const rows = [...html.matchAll(/<tr [^>]*data-key="row:/g)].map((found) => found.index);
  const cuts = [...html.slice(rows[2], rows[3]).matchAll(/</g)].map((found) => rows[2] + found.index);
  const pieces = [0, ...cuts].map((from, k) => html.slice(from, cuts[k]));
  assert.ok(pieces.length > 100, `${pieces.length} pieces`);
  const slow = createServer(async (request, response) => {
    if (request.url !== BOARD) {
      const answer = await fetch(base + request.url);
      response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") });
      return response.end(Buffer.from(await answer.arrayBuffer()));
    }
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    for (const piece of pieces) {
      response.write(piece);
      await sleep(25);
    }
    response.end();
  });
  await new Promise((done) => slow.listen(0, "127.0.0.1", done));
  try {
    for (const size of [SIZES.tablet, SIZES.phone]) {
      const { page } = await open(BOARD, { size });
      await page.goto(`http://127.0.0.1:${slow.address().port}${BOARD}`, { waitUntil: "domcontentloaded" });
      await drawn(page);
      assert.equal(await page.locator("tr.row").count(), 32);
      assert.ok(await page.locator("tr.row").last().isVisible());
      assert.deepEqual(await page.evaluate(() => window.shifts), []);
    }
  } finally {
    slow.closeAllConnections();
    slow.close();
  }
});

test("a row that overtakes moves there, and nothing else on the page does", async () => {
  const { page, complaints } = await openLive(BOARD);
  const [first, second, third] = await order(page);
  const element = await page.$(`tr[data-key="row:${third}"]`);
  await tell("overtake");
  await page.waitForFunction((code) => document.querySelector('tr[data-key^="row:"]').dataset.key === `row:${code}`, third);
  const moving = await element.evaluate((row) => row.getAnimations().length);
  assert.equal(moving, 1, "the row is under way");
  await still(page);
  assert.deepEqual((await order(page)).slice(0, 3), [third, first, second]);
  assert.ok(await element.evaluate((row) => row.isConnected), "it is the same element");
  assert.match(await element.innerText(), /▲2/);
  assert.deepEqual(await page.evaluate(() => window.shifts), []);
  assert.deepEqual(complaints, []);
});

test("when all rows move they are there at once, and still nothing jumps", async () => {
  const { page } = await openLive(BOARD);
  const before = await order(page);
  await tell("reverse");
  await page.waitForFunction((code) => document.querySelector('tr[data-key^="row:"]').dataset.key !== `row:${code}`, before[0]);
  await drawn(page);
  await still(page);
  assert.deepEqual(await page.evaluate(() => window.shifts), []);
});

test("who asked for less movement sees none", async () => {
  const { page } = await openLive(BOARD, { reducedMotion: "reduce" });
  const [first] = await order(page);
  await page.evaluate(() => {
    window.longest = 0;
    const animate = Element.prototype.animate;
    Element.prototype.animate = function (frames, options) {
      window.longest = Math.max(window.longest, options.duration);
      return animate.call(this, frames, options);
    };
  });
  await tell("overtake");
  await page.waitForFunction((code) => document.querySelector('tr[data-key^="row:"]').dataset.key !== `row:${code}`, first);
  assert.ok((await page.evaluate(() => window.longest)) < 20, "no movement lasts longer than a frame");
  await drawn(page);
  await still(page);
  assert.deepEqual(await page.evaluate(() => window.shifts), []);
});

test("a lost link is told, with the time, and the word goes when it is back", async () => {
  const { page, complaints } = await openLive(BOARD);
  await tell("cut");
  const notice = page.locator(".notice");
  assert.ok(!(await notice.isVisible()), "a short loss is not told");
  await notice.waitFor({ state: "visible", timeout: 15_000 });
  assert.match(await notice.innerText(), /^连接中断.*\d月\d+日 \d\d:\d\d:\d\d$/);
  assert.equal(await page.locator(".link").innerText(), "连接中断");
  assert.equal(await page.locator("tr.row").count(), 32, "what was known stays");
  await tell("heal");
  await tell("score");
  await notice.waitFor({ state: "hidden", timeout: 40_000 });
  assert.equal(await page.locator(".link").innerText(), "实时更新");
  // The refused connections are the browser's own words, and all that there is.
  assert.deepEqual(complaints.filter((complaint) => !complaint.includes("WebSocket connection")), []);
  assert.deepEqual(await page.evaluate(() => window.shifts), []);
});

test("a link that has fallen silent is given up, told and made again", async () => {
  const { page } = await open(BOARD, { clock: true });
  await page.waitForSelector("html.is-running");
  await page.locator(".link.live").waitFor();
  const sockets = async () => Number(await (await fetch(`${base}/test/sockets`)).text());
  assert.equal(await sockets(), 1);
  // Less than what a server leaves between two beats changes nothing.
  await page.clock.fastForward(40_000);
  assert.equal(await sockets(), 1);
  await page.clock.fastForward(10_000);
  await page.clock.fastForward(5_000);
  const again = async () => {
    while ((await sockets()) < 2) await new Promise((wait) => setTimeout(wait, 20));
  };
  await again();
  await page.locator(".link.live").waitFor();
});

test("a session's clock goes by the server's time, and says what it waits for and that it is over", async () => {
  await tell("ahead");
  const { page } = await openLive(BOARD);
  const clock = (pattern) => page.waitForFunction((pattern) => new RegExp(pattern).test(document.querySelector(".figure:has(.clock)").innerText), pattern);
  // An hour ahead of this browser, of a session that ends in an hour and 24 minutes.
  await clock("^场次 剩余\\s*模块 B\\s*00:2[34]:\\d\\d$");
  await tell("await");
  // 45 minutes from now by the browser's clock, a quarter of an hour ago by the server's.
  await clock("^场次 剩余\\s*模块 C\\s*03:1[45]:\\d\\d$");
  await tell("reset");
  await page.waitForFunction(() => document.querySelector(".link.live"));
  await tell("await");
  await page.reload();
  await clock("^场次 距开始\\s*模块 C\\s*00:4[45]:\\d\\d$");
  await tell("end");
  await clock("^场次\\s*模块 C\\s*已结束$");
  assert.deepEqual(await page.evaluate(() => window.shifts), []);
});

test("a page that cannot go on is loaded again only where something answers", async () => {
  const { page } = await open(BOARD, { clock: true });
  let answers = 503;
  let loads = 0;
  await page.waitForSelector("html.is-running");
  await page.route(base + BOARD, (route) => {
    if (route.request().method() === "HEAD") return route.fulfill({ status: answers });
    loads += 1;
    return route.continue();
  });
  await page.evaluate(() => window.dispatchEvent(new Event("fallback")));
  await page.clock.fastForward(31_000);
  await page.clock.fastForward(31_000);
  assert.equal(loads, 0);
  assert.equal(await page.locator("tr.row").count(), 32, "what was known stays");
  answers = 200;
  const loaded = page.waitForEvent("load");
  await page.clock.fastForward(31_000);
  await loaded;
  assert.equal(loads, 1);
});

test("a board that goes back in time says so, until it is as far as it was", async () => {
  const { page } = await openLive(BOARD);
  await tell("rewind");
  const notice = page.locator(".notice.is-shown");
  await notice.waitFor();
  assert.match(await notice.innerText(), /^数据已恢复到较早的时刻/);
  await tell("score");
  await notice.waitFor({ state: "hidden" });
});

test("a star stays, pins the row on top, and can be taken back", async () => {
  const { page } = await openLive(BOARD);
  const code = (await order(page))[7];
  const star = page.locator(`tr[data-key="row:${code}"] td.star button`);
  await star.click();
  assert.equal(await star.getAttribute("aria-pressed"), "true");
  const keys = () => page.$$eval("tr[data-key]", (rows) => rows.slice(0, 2).map((row) => row.dataset.key));
  assert.equal((await keys())[1], `star:${code}`);
  await page.reload();
  await page.waitForSelector(`tr[data-key="star:${code}"]`);
  await still(page);
  assert.deepEqual(await page.evaluate(() => window.shifts), [], "the list makes room without a jump");
  await page.locator(`tr[data-key="star:${code}"] td.star button`).click();
  await page.waitForFunction(() => !document.querySelector('tr[data-key^="star:"]'));
  assert.equal((await order(page)).length, 32);
});

test("everything can be done by keyboard, and the focus stays with its row", async () => {
  const { page } = await openLive(BOARD);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "live");
  const focused = () => page.evaluate(() => document.activeElement.closest("[data-key]")?.dataset.key ?? "");
  const third = (await order(page))[2];
  for (let step = 0; step < 40 && (await focused()) !== `row:${third}`; step++) await page.keyboard.press("Tab");
  await tell("overtake");
  await page.waitForFunction((code) => document.querySelector('tr[data-key^="row:"]').dataset.key === `row:${code}`, third);
  assert.equal(await focused(), `row:${third}`);
  while (!(await page.evaluate(() => document.activeElement.matches("summary")))) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.ok(await page.locator(`tr[data-key="row:${third}"] .breakdown`).isVisible());
});

test("what is open stays open while the board changes", async () => {
  const { page } = await openLive(BOARD);
  const [, second] = await order(page);
  await page.locator(`tr[data-key="row:${second}"] summary`).click();
  await tell("overtake");
  await page.waitForFunction((code) => document.querySelectorAll('tr[data-key^="row:"]')[1].dataset.key !== `row:${code}`, second);
  assert.ok(await page.locator(`tr[data-key="row:${second}"] .breakdown`).isVisible());
});

test("language and theme are switched on every page, and kept", async () => {
  const { page } = await openLive(BOARD);
  await page.getByRole("link", { name: "English" }).click();
  await page.waitForSelector('html[lang="en"]');
  assert.equal(new URL(page.url()).pathname, BOARD);
  assert.equal(await page.locator("h1").innerText(), "08\nCNC Milling");
  assert.equal(await page.locator('.name[lang="zh-CN"]').count(), 32, "names are marked as Chinese");
  assert.match(await page.locator("td.rank").allInnerTexts().then((ranks) => ranks.join(" ")), /T4 T4/);
  await page.getByRole("link", { name: "Dark" }).click();
  await page.waitForSelector('html[data-theme="dark"]');
  const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  assert.equal(await paper(), "rgb(18, 21, 26)");
  await page.getByRole("link", { name: "Light" }).click();
  await page.waitForSelector('html[data-theme="light"]');
  assert.equal(await paper(), "rgb(250, 247, 240)");
});

test("without a choice the theme is the system's", async () => {
  const { page } = await openLive(BOARD, { theme: "auto", colorScheme: "dark" });
  const paper = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  assert.equal(paper, "rgb(18, 21, 26)");
});

test("a phone shows each row as a card, as high as before, and nothing sideways", async () => {
  const { page } = await openLive(BOARD, { size: SIZES.phone });
  const heights = await page.$$eval("tr.row", (rows) => [...new Set(rows.map((row) => row.offsetHeight))]);
  assert.deepEqual(heights, [56]);
  await page.locator("summary").first().click();
  const fits = await page.$$eval("tr.row, tr.row > *, details[open] *, .head *", (all) => all.every((one) => one.getBoundingClientRect().right <= innerWidth + 1));
  assert.ok(fits, "nothing reaches beyond the screen");
});

test("all that a board needs is small", async () => {
  const html = await (await fetch(base + BOARD)).text();
  const names = [...html.matchAll(/(?:href|src|data-script|data-wasm)="(\/assets\/[^"]+)"/g)].map((match) => match[1]);
  assert.equal(names.length, 5, "style, icon, start, glue and wasm: run `cargo xtask web`");
  const sizes = { html: brotliCompressSync(html).length };
  for (const name of names) {
    const body = Buffer.from(await (await fetch(base + name)).arrayBuffer());
    sizes[name] = brotliCompressSync(body).length;
  }
  const bytes = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  console.log(sizes, `in all ${bytes} bytes`);
  assert.ok(bytes <= BYTES_MAX, `${bytes} bytes`);
});
