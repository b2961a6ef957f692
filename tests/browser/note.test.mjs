// A judge's notes and photos at the real program: kept without a network, sent behind the marks, seen by
// the chief judge and the organisers and by nobody else.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { PHONE, TABLET, ask, audit, away, browser, chief, competition, desk, home, id, pages, received, rung, served, signIn, skill, unlock } from "./chief-hall.mjs";

const WORDS = "焊缝起点有 2 mm 咬边\n见照片";
// Two taps that soon are one.
const tap = async (page, locator) => {
  await locator.click();
  await page.waitForTimeout(320);
};

// A judge at the first aspect of a form, on the sheet of a competitor.
async function at(code, form, competitor, options) {
  const page = await signIn(code, options);
  await page.locator(".home .form").first().waitFor();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  await sheet(page, form, competitor);
  return page;
}
async function sheet(page, form, competitor) {
  await tap(page, page.locator(".form", { hasText: form }).locator(".competitor", { hasText: competitor }));
  await page.waitForFunction(() => document.activeElement?.closest(".card"));
}
const openNotes = async (page) => {
  await tap(page, page.locator(".notes-of"));
  await page.locator("dialog.notes").waitFor();
};
const write = async (page, words) => {
  await page.locator(".notes textarea").fill(words);
  await tap(page, page.locator(".notes .primary"));
};
const photograph = (page, path) => page.locator(".notes input[type=file]").first().setInputFiles(path);
const states = (page) => page.locator(".notes li").evaluateAll((lines) => lines.map((line) => line.className));
const waitsFor = (page, count, state) =>
  page.waitForFunction(([count, state]) => document.querySelectorAll(`.notes li.${state}`).length === count, [count, state]);
const bar = (page, words) => page.waitForFunction((words) => document.querySelector(".sync")?.textContent.includes(words), words);

// A picture as a camera writes it: large, and telling where it was taken.
async function photo(page, { name = "photo.jpg", width = 3000, height = 2000 } = {}) {
  const base64 = await page.evaluate(
    async ([width, height]) => {
      const canvas = new OffscreenCanvas(width, height);
      const pen = canvas.getContext("2d");
      for (let at = 0; at < 3000; at++) {
        pen.fillStyle = `hsl(${(at * 47) % 360} 60% ${20 + ((at * 7) % 60)}%)`;
        pen.fillRect((at * 997) % width, (at * 463) % height, 90, 60);
      }
      const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/jpeg", quality: 0.95 })).arrayBuffer());
      let text = "";
      for (const byte of bytes) text += String.fromCharCode(byte);
      return btoa(text);
    },
    [width, height],
  );
  const bytes = Buffer.from(base64, "base64");
  const told = Buffer.from("Exif\0\0GPSLatitude 38.04 N", "latin1");
  const length = Buffer.from([0xff, 0xe1, 0, told.length + 2]);
  const path = join(served.folder, name);
  writeFileSync(path, Buffer.concat([bytes.subarray(0, 2), length, told, bytes.subarray(2)]));
  return path;
}

// The sides of a JPEG.
function sides(bytes) {
  for (let at = 2; at < bytes.length; at += 2 + bytes.readUInt16BE(at + 2)) {
    if ([0xc0, 0xc1, 0xc2].includes(bytes[at + 1])) return [bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5)];
  }
  return null;
}

const notes = async () => (await ask("GET", `/api/skills/${skill}/notes`)).notes;

test("a note and a photo are kept without a network, survive a restart, and go out when there is one", async () => {
  await competition();
  const page = await at("J1", "尺寸", "K01");
  const picture = await photo(page);
  await away(page);
  await openNotes(page);
  await page.getByText("这里还没有备注和照片").waitFor();
  await write(page, WORDS);
  await waitsFor(page, 1, "saved");
  await photograph(page, picture);
  await waitsFor(page, 2, "saved");
  assert.equal(await page.locator(".notes li", { hasText: "已存本机" }).count(), 2);
  await tap(page, page.locator(".notes .close"));
  await bar(page, "待上传备注 2");
  assert.match(await page.locator(".notes-of").innerText(), /备注 2 ◔/);
  const asks = await page.evaluate(() => !window.dispatchEvent(new Event("beforeunload", { cancelable: true })));
  assert.ok(asks, "closing is asked about");

  await page.reload();
  await unlock(page);
  await bar(page, "待上传备注 2");
  await sheet(page, "尺寸", "K01");
  await openNotes(page);
  await waitsFor(page, 2, "saved");
  assert.equal(await page.locator(".notes .text").innerText(), WORDS);
  await page.context().setOffline(false);
  await waitsFor(page, 2, "received");
  await tap(page, page.locator(".notes .close"));
  await received(page);
  assert.match(await page.locator(".notes-of").innerText(), /备注 2$/);
  assert.ok(!(await page.locator(".sync").innerText()).includes("备注"));

  const [newest, first] = await notes();
  assert.deepEqual([first.text, first.judge, first.competitor, first.aspect], [WORDS, "J1", "K01", "A1.01"]);
  assert.ok(newest.is_photo);
  const shown = await page.request.get(`/api/judge/photos/${newest.id}`);
  const bytes = Buffer.from(await shown.body());
  assert.ok(bytes.length <= 300 * 1024, `${bytes.length} bytes`);
  assert.deepEqual(sides(bytes), [1600, 1067]);
  assert.ok(!bytes.includes("Exif") && !bytes.includes("GPS"), "where it was taken is not told");

  const leading = await chief();
  await leading.getByRole("link", { name: "裁判的备注和照片（2）" }).click();
  await leading.locator(".notes .text", { hasText: "2 mm 咬边" }).waitFor();
  await leading.waitForFunction(() => document.querySelector(".notes img").naturalWidth === 1600);
  await audit(leading, "the chief judge's page of notes");
  const organiser = await desk();
  await organiser.getByRole("link", { name: "裁判的备注和照片" }).click();
  await organiser.waitForFunction(() => document.querySelector(".notes img")?.naturalWidth === 1600);
  await audit(organiser, "the desk's page of notes");
  for (const path of ["/", `/competition/${id}`, `/skill/${skill}`, `/screen/${skill}`, `/api/live/skill/${skill}`]) {
    const text = await (await fetch(served.base + path)).text();
    assert.ok(!text.includes("咬边") && !text.includes(newest.id), path);
  }
  for (const path of [`/chief/photos/${newest.id}`, `/desk/skill/${skill}/photos/${newest.id}`, `/api/judge/photos/${newest.id}`]) {
    assert.equal((await fetch(served.base + path)).status, 401, path);
  }
  const other = await at("J2", "尺寸", "K01");
  await openNotes(other);
  assert.deepEqual(await states(other), [], "another judge sees none");
  assert.equal((await other.request.get(`/api/judge/photos/${newest.id}`)).status(), 404);
});

test("photos wait until every mark is through, and go one at a time", async () => {
  await competition();
  const page = await at("J1", "尺寸", "K01");
  const picture = await photo(page, { width: 1200, height: 900 });
  await away(page);
  await openNotes(page);
  for (const count of [1, 2]) {
    await photograph(page, picture);
    await waitsFor(page, count, "saved");
  }
  await tap(page, page.locator(".notes .close"));
  await page.locator(".card input").fill("50");
  await tap(page, page.locator(".give"));
  await tap(page, page.locator(".answer.yes"));
  const order = [];
  let going = 0;
  await page.route("**/api/judge/photos/**", async (route) => {
    going += 1;
    order.push([going, (await page.locator(".sync").textContent()).includes("全部评分服务器已收到")]);
    const answer = await route.fetch();
    going -= 1;
    await route.fulfill({ response: answer });
  });
  await page.context().setOffline(false);
  await bar(page, "全部评分服务器已收到");
  await page.waitForFunction(() => document.querySelector(".sync")?.textContent.includes("备注") === false);
  assert.deepEqual(order, [[1, true], [1, true]]);
  assert.equal((await notes()).length, 2);
});

test("storage that is full keeps marks, and says plainly what was not kept", async () => {
  await competition();
  const page = await at("J1", "尺寸", "K01");
  const picture = await photo(page, { width: 1200, height: 900 });
  await page.evaluate(() => {
    navigator.storage.estimate = async () => ({ quota: 100_000_000, usage: 92_000_000 });
  });
  await openNotes(page);
  await photograph(page, picture);
  await page.locator(".notes .problem", { hasText: "本机空间不够，没有存下。评分不受影响" }).waitFor();
  assert.deepEqual(await states(page), []);
  // Nothing more can be written under a note's name: what was typed stays where it was typed.
  await page.evaluate(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (value, name) {
      if (String(name).startsWith("note:")) throw new DOMException("full", "QuotaExceededError");
      return put.call(this, value, name);
    };
  });
  await write(page, "留在框里");
  await page.locator(".notes .problem", { hasText: "没有存下" }).waitFor();
  assert.equal(await page.locator(".notes textarea").inputValue(), "留在框里");
  assert.deepEqual(await states(page), []);
  await tap(page, page.locator(".notes .close"));
  await page.locator(".card input").fill("50");
  await tap(page, page.locator(".give"));
  await received(page);
  await page.reload();
  await unlock(page);
  await sheet(page, "尺寸", "K01");
  // It opens at what is not marked yet.
  await tap(page, page.locator(".place", { hasText: "A1.01" }));
  await openNotes(page);
  assert.equal(await page.locator(".notes textarea").inputValue(), "留在框里", "the draft is there still");
  await tap(page, page.locator(".notes .primary"));
  await waitsFor(page, 1, "received");
  writeFileSync(join(served.folder, "no.jpg"), "no picture");
  await photograph(page, join(served.folder, "no.jpg"));
  await page.locator(".notes .problem", { hasText: "读不出这张图片" }).waitFor();
});

test("what is taken back is erased everywhere, also without a network, and what is refused is said", async () => {
  await competition();
  const page = await at("J1", "工艺", "K02");
  await openNotes(page);
  await write(page, "写错了的话");
  await waitsFor(page, 1, "received");
  await tap(page, page.locator(".notes .close"));
  await away(page);
  await openNotes(page);
  const button = page.locator(".notes li button");
  await tap(page, button);
  assert.equal(await button.innerText(), "确定收回？内容会被删除");
  await tap(page, button);
  assert.deepEqual(await states(page), []);
  const left = await page.evaluate(
    () =>
      new Promise((done) => {
        indexedDB.open("leitai").onsuccess = ({ target }) => {
          const all = target.result.transaction("kept").objectStore("kept").getAll();
          all.onsuccess = () => done(JSON.stringify(all.result));
        };
      }),
  );
  assert.ok(!left.includes("写错了的话"), "it is gone from the device at once");
  await tap(page, page.locator(".notes .close"));
  await bar(page, "待上传备注 1");
  await page.context().setOffline(false);
  await page.waitForFunction(() => document.querySelector(".sync")?.textContent.includes("备注") === false);
  assert.deepEqual(await notes(), []);

  // More than there can be: the last one says why, and stands in nobody's way.
  await page.route("**/api/judge/notes/**", (route) =>
    route.fulfill({ status: 422, contentType: "application/problem+json", body: JSON.stringify({ code: "note_too_many", detail: "这里最多 20 条。", findings: [] }) }),
  );
  await openNotes(page);
  await write(page, "多余的一条");
  await page.locator(".notes li.refused", { hasText: "服务器没有收下：这里最多 20 条。" }).waitFor();
  await tap(page, page.locator(".notes .close"));
  await bar(page, "没收下的备注 1");
  await tap(page, page.locator(".answer").first());
  await page.waitForFunction(() => document.querySelector(".sync")?.textContent.includes("全部评分服务器已收到"));
});

test("notes wait for their own judge, whoever signs in between", async () => {
  await competition();
  const page = await at("J1", "尺寸", "K01");
  await away(page);
  await openNotes(page);
  await write(page, "J1 的备注");
  await waitsFor(page, 1, "saved");
  await tap(page, page.locator(".notes .close"));
  const as = async (code) => {
    const card = await ask("POST", `/api/skills/${skill}/cards`, { judge: code });
    await page.goto(`/judge#${card.code}`);
    await page.locator(".pin").fill(card.pin);
    await tap(page, page.locator("button[type=submit]"));
    await page.locator(".home .form").first().waitFor();
    await page.locator(".bar.live").waitFor();
  };
  await page.route("**/api/judge/notes**", (route) => route.abort());
  await page.context().setOffline(false);
  await as("J2");
  await sheet(page, "尺寸", "K01");
  await openNotes(page);
  await page.getByText("这里还没有备注和照片").waitFor();
  await page.getByText("还有别的裁判的 1 条备注没有上传").waitFor();
  await tap(page, page.locator(".notes .close"));
  await page.unroute("**/api/judge/notes**");
  assert.deepEqual(await notes(), [], "it is not sent as another's");
  await as("J1");
  await sheet(page, "尺寸", "K01");
  await openNotes(page);
  await waitsFor(page, 1, "received");
  assert.deepEqual((await notes()).map(({ judge, text }) => [judge, text]), [["J1", "J1 的备注"]]);
});

test("notes are reached by touch and by keys, at every size and in both languages", async () => {
  await competition();
  for (const [size, language, name] of [[PHONE, "zh-CN", "phone-zh"], [PHONE, "en-GB", "phone-en"], [TABLET, "zh-CN", "tablet-zh"], [TABLET, "en-GB", "tablet-en"]]) {
    const page = await at("J1", language === "en-GB" ? "工艺" : "尺寸", "K01", { size, language });
    await picture(page, `card-${name}`);
    const button = page.locator(".notes-of");
    assert.ok((await button.boundingBox()).height >= 56, name);
    await button.focus();
    await page.keyboard.press("Enter");
    await page.locator("dialog.notes").waitFor();
    await page.locator(".notes textarea").fill(language === "en-GB" ? "An undercut of 2 mm at the start of the seam; see the photo." : WORDS);
    await tap(page, page.locator(".notes .primary"));
    await photograph(page, await photo(page, { width: 1200, height: 900 }));
    await page.locator(".notes li.received .picture").last().waitFor();
    const small = await page.evaluate(() => [...document.querySelectorAll(".notes :is(button, textarea, .button)")].map((one) => one.getBoundingClientRect().height).filter((height) => height < 56));
    assert.deepEqual(small, [], name);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${name} is ${wide} too wide`);
    await picture(page, `notes-${name}`);
    await audit(page, name);
    await page.keyboard.press("Escape");
    await page.locator("dialog.notes").waitFor({ state: "detached" });
    assert.ok(await button.evaluate((button) => button === document.activeElement), "where one was before");
  }
  for (const [size, language, name] of [[PHONE, "zh-CN", "phone-zh"], [TABLET, "en-GB", "tablet-en"]]) {
    const page = await chief({ size, language });
    await page.goto("/chief/notes");
    await page.waitForLoadState("networkidle");
    await picture(page, `chief-${name}`);
  }
});

// To be looked at, where somebody names a folder.
async function picture(page, name) {
  const folder = process.env.LEITAI_PICTURES;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
}
