// What goes wrong on a bad day at the real program: each has a plain sentence and a way out, and loses
// nothing. Storage that is full and marking that is over are in note.test.mjs and judge.test.mjs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, audit, away, chief, competition, confirm, decide, desk, done, enterOn, fresh, home, judge, mark, number, received, rung, served, signAndLock, signIn, skill, unlock } from "./chief-hall.mjs";
import { Renewed } from "./served.mjs";

const HOUR_MS = 3_600_000;
const tap = async (page, locator) => {
  await locator.click();
  await page.waitForTimeout(320);
};
const look = async (page) => {
  await page.bringToFront();
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
};
const says = (page, words) => page.waitForFunction((words) => document.querySelector(".sync")?.textContent.includes(words), words);
const place = (page, id, value) => page.locator(".place", { hasText: id }).locator(".value", { hasText: value }).waitFor();
const sheet = async (page, form, code) => {
  await tap(page, page.locator(".form", { hasText: form }).locator(".competitor", { hasText: code }));
  await page.locator(".who .code", { hasText: code }).waitFor();
};
const card = (code, of = skill) => ask("POST", `/api/skills/${of}/cards`, { judge: code });
// What counts, as everybody sees it.
const counts = async (totals) => {
  const board = await fresh();
  await board.goto(`/skill/${skill}`);
  for (const [code, total] of Object.entries(totals)) await board.locator(`tr[data-key="row:${code}"]`, { hasText: total }).waitFor();
};
// What stands on a sheet as another judge's tablet has it from the server.
const stands = async (code, values, of = skill) => {
  const other = await signIn("J2", { of });
  await sheet(other, "尺寸", code);
  for (const [id, value] of Object.entries(values)) await place(other, id, value);
};
// Ends what a judge put down in a hurry: nothing is asked for before the page goes.
const leave = async (page) => {
  await page.goto("about:blank");
  // A page that is still on its way out hears of the network, and sends.
  await page.waitForTimeout(500);
  await page.context().setOffline(false);
};

// A clock that runs, and is wrong from the first script of each page on until somebody sets it.
const clockWrongBy = (page, ms) =>
  page.addInitScript((ms) => {
    window.wrongBy = ms;
    const Right = Date;
    window.Date = class extends Right {
      constructor(...words) {
        super(...(words.length ? words : [Right.now() + window.wrongBy]));
      }
      static now() {
        return Right.now() + window.wrongBy;
      }
    };
  }, ms);
const clockTime = (ms) => new Date(ms).toTimeString().slice(0, 5);

for (const [hours, name] of [[31, "ahead"], [-31, "behind"]]) {
  // A day and some hours: the hours tell whose time is shown.
  test(`a tablet whose clock is more than a day ${name} marks as any other, shows the server's time, and says what is wrong`, async () => {
    await competition();
    const before = (page) => clockWrongBy(page, hours * HOUR_MS);
    const one = await signIn("J1", { before });
    await one.locator(".home .form").first().waitFor();
    await one.locator(".notice-box", { hasText: "这台设备的时钟不准；评分照常计入，时间以服务器为准" }).waitFor();
    await audit(one, "a wrong clock");
    await mark(one, "尺寸", "K01", "A1.01", number("55"));
    await received(one);
    await home(one);
    const told = [];
    await away(one);
    for (const ms of [0, 60_000, 120_000]) told.push(clockTime(Date.now() - ms));
    const bar = await one.locator(".sync").innerText();
    assert.ok(told.some((time) => bar.includes(`评分表更新于 ${time}`)), `${bar} is not of ${told}`);
    await mark(one, "尺寸", "K02", "A1.01", number("50"));
    const other = await judge("J2");
    await mark(other, "尺寸", "K02", "A1.01", number("45"));
    await received(other);
    await one.bringToFront();
    await one.context().setOffline(false);
    await received(one);
    await counts({ K01: "55.00", K02: "45.00" });
    // The chief judge is told both times, of which the server's counts.
    const leads = await chief();
    const times = await leads.locator(".decision .entered time").evaluateAll((all) => all.map((one) => Date.parse(one.dateTime) - Date.now()));
    assert.equal(times.length, 2);
    assert.ok(Math.abs(times[0] - hours * HOUR_MS) < 120_000, "the device's");
    assert.ok(Math.abs(times[1]) < 120_000, "the server's");
    // Once it is set right, nothing is said any more.
    await one.bringToFront();
    await one.evaluate(() => (window.wrongBy = 0));
    await look(one);
    await home(one);
    await one.getByText("时钟不准").waitFor({ state: "detached" });
    const english = await signIn("J3", { before, language: "en" });
    await english.locator(".notice-box", { hasText: "This device's clock is wrong; marks count at the server's time" }).waitFor();
  });
}

// What a browser clears when space gets short, or somebody in its settings.
async function clear(page, storageTypes) {
  await page.goto("about:blank");
  const session = await page.context().newCDPSession(page);
  await session.send("Storage.clearDataForOrigin", { origin: served.base, storageTypes });
}

test("a tablet whose browser cleared what it kept says what to do, and a card brings back all that was received", async () => {
  await competition();
  const one = await judge("J1");
  await mark(one, "尺寸", "K01", "A1.01", number("55"));
  await one.locator(".aspect .mono", { hasText: "A1.02" }).waitFor();
  await tap(one, one.locator(".answer.yes"));
  await received(one);
  await clear(one, "indexeddb,local_storage,cache_storage,service_workers");
  // A cookie still says whose it is, but what it numbered is gone: nothing can be sent as it was.
  await one.goto("/judge");
  await one.locator(".notices .alarm", { hasText: "本机保存的内容被清除过；服务器收到的 2 条都在。请向裁判长要一张新的登录卡" }).waitFor();
  await one.locator(".form", { hasText: "尺寸" }).locator(".competitor.whole", { hasText: "K01" }).waitFor();
  // Who marks on before reading it loses nothing.
  await mark(one, "尺寸", "K02", "A1.01", number("50"));
  await says(one, "1 项发不出去，请找裁判长");
  await enterOn(one, await card("J1"));
  await one.locator(".left", { hasText: "K02 · A1.01 = 50" }).waitFor();
  await one.waitForTimeout(320);
  await tap(one, one.locator(".left").getByRole("button", { name: "全部补录" }));
  await received(one);
  assert.equal(await one.locator(".alarm, .left").count(), 0);
  await sheet(one, "尺寸", "K01");
  await place(one, "A1.01", "55");
  await place(one, "A1.02", "是");
  await stands("K02", { "A1.01": "50" });
  // Nothing at all is left: a card is asked for, and brings the same.
  await clear(one, "all");
  await one.goto("/judge");
  await one.getByText("请用相机扫描登录卡上的二维码").waitFor();
  await one.getByText("没有卡请找裁判长").waitFor();
  await enterOn(one, await card("J1"));
  await sheet(one, "尺寸", "K01");
  await place(one, "A1.01", "55");
  await place(one, "A1.02", "是");
  // The next number is one of the new sign-in.
  await home(one);
  await sheet(one, "工艺", "K01");
  await tap(one, one.locator(".answer", { hasText: "均匀美观" }));
  await received(one);
});

test("a tablet with something unsent that scans a card of another competition says so, keeps it, and its own card brings it in", async () => {
  await competition();
  const first = skill;
  const one = await judge("J1");
  await away(one);
  await mark(one, "尺寸", "K01", "A1.01", number("55"));
  await says(one, "1 项存在本机");
  await competition();
  assert.notEqual(skill, first);
  await leave(one);
  // Before anything changes it is said, with the way back.
  const other = await card("J1");
  await one.goto(`/judge#${other.code}`);
  const asks = one.locator(".notice-box", { hasText: "本机还有 1 项没有发送：如果原登录还有效，请先返回连网发送" });
  await asks.waitFor();
  await asks.getByRole("link", { name: "不换，返回评分" }).waitFor();
  await enterOn(one, other);
  await one.locator(".left", { hasText: "裁判 J1 的 1 项录入没有发送，内容保留在本机" }).waitFor();
  assert.doesNotMatch(await one.locator(".notices").innerText(), /A1\.01|55/, "its value is not told here");
  assert.equal(await one.locator(".left .primary").count(), 0, "nor entered here");
  await mark(one, "尺寸", "K01", "A1.01", number("30"));
  await received(one);
  await stands("K01", { "A1.01": "30" });
  await one.reload();
  await unlock(one);
  await one.locator(".left", { hasText: "裁判 J1 的 1 项" }).waitFor();
  // The judge's card of that competition opens it and sends it there.
  await enterOn(one, await card("J1", first));
  await one.locator(".left", { hasText: "K01 · A1.01 = 55" }).waitFor();
  await one.waitForTimeout(320);
  await tap(one, one.locator(".left").getByRole("button", { name: "全部补录" }));
  await received(one);
  await stands("K01", { "A1.01": "55" }, first);
  await stands("K01", { "A1.01": "30" });
});

test("a program two versions older than the server says so, goes on marking, and what it kept is sent by the next one", async (t) => {
  await competition();
  const renewed = new Renewed(served);
  await renewed.start();
  t.after(() => renewed.stop());
  let isTooOld = false;
  const before = (page) =>
    page.routeWebSocket(/judge\/socket/, (socket) => {
      if (!isTooOld) return void socket.connectToServer();
      socket.onMessage((text) => {
        const { type, body } = JSON.parse(text);
        assert.equal(type, "hello");
        const [proto_min, proto_max] = [body.proto_max + 2, body.proto_max + 2];
        socket.send(JSON.stringify({ v: proto_max, type: "error", body: { code: "version_too_old", proto_max, proto_min } }));
      });
    });
  const one = await signIn("J1", { base: renewed.base, before });
  await one.locator(".home .form").first().waitFor();
  await received(one);
  await one.waitForFunction(() => navigator.serviceWorker.controller);
  // What opened it first is no version of before.
  await one.reload();
  await unlock(one);
  const dialogs = [];
  one.on("dialog", (dialog) => {
    dialogs.push(dialog.type());
    return dialog.accept();
  });
  await sheet(one, "尺寸", "K01");
  await one.evaluate(() => (window.isOld = true));
  renewed.version = "next";
  isTooOld = true;
  await served.cut();
  await served.start();
  await one.locator(".notices .warning", { hasText: "平板上的程序版本太旧；请重新载入。未发送的内容都保留着" }).waitFor({ timeout: 40_000 });
  await number("55")(one);
  await says(one, "1 项存在本机");
  await one.waitForTimeout(320);
  await tap(one, one.locator(".answer.yes"));
  await says(one, "2 项存在本机");
  assert.ok(await one.evaluate(() => window.isOld), "not while a sheet is open");
  // Loaded again, as it says, it is the old one still, which is kept to open without a network; it makes room
  // for the next also with something unsent.
  await one.reload();
  await one.evaluate(() => (window.isOld = true));
  await unlock(one);
  await one.waitForFunction(() => !window.isOld && document.querySelector(".unlock"));
  assert.match((await one.evaluate(() => caches.keys())).join(), /^judge-next[^,]*$/);
  isTooOld = false;
  await unlock(one);
  await received(one);
  assert.deepEqual(dialogs, [], "nobody was asked whether to leave");
  await stands("K01", { "A1.01": "55", "A1.02": "是" });
});

test("a sheet is locked and a competitor withdraws while a tablet is away: its marks are kept, it says why, and the chief judge decides", async () => {
  await competition();
  const one = await judge("J1");
  await mark(one, "尺寸", "K01", "A1.01", number("55"));
  await one.locator(".aspect .mono", { hasText: "A1.02" }).waitFor();
  await tap(one, one.locator(".answer.yes"));
  await received(one);
  await home(one);
  await one.waitForFunction(() => navigator.serviceWorker.controller);
  await away(one);
  await mark(one, "尺寸", "K01", "A1.01", async () => {
    await number("58")(one);
    await one.waitForTimeout(320);
    await one.locator(".why .answer", { hasText: "重新测量" }).click();
  });
  await home(one);
  await mark(one, "尺寸", "K02", "A1.01", number("50"));
  await home(one);
  await says(one, "2 项存在本机");
  const leads = await chief();
  await signAndLock(leads, "K01");
  await leads.getByText("已锁定 1 张").waitFor();
  const row = leads.locator(".of-competitors tr", { hasText: "K02" });
  await row.locator("summary", { hasText: "决定" }).click();
  await row.locator("details[open] select").selectOption("withdraw");
  await row.locator("details[open] textarea").fill("身体不适");
  await row.locator("details[open] button").click();
  await done(leads);
  await one.bringToFront();
  await one.context().setOffline(false);
  await received(one);
  // Both are told on the tablet, each with its reason.
  await one.getByText("有录入没有计入，请逐项处理").waitFor();
  await audit(one, "what does not count");
  for (const [code, value, why] of [["K01", "58", "评分表已锁定；此分数已保留，需两人确认后才计入"], ["K02", "50", "该选手已缺席、退赛或被取消资格；此分数已保留，待裁判长决定"]]) {
    await tap(one, one.locator(".warned .chip", { hasText: `${code} · A1.01` }));
    const box = one.locator(".attention", { hasText: "没有计入" });
    await box.getByText(why).waitFor();
    assert.equal(await box.locator("strong").innerText(), value);
    await home(one);
  }
  await counts({ K01: "75.00" });
  await leads.bringToFront();
  await leads.goto("/chief");
  const decision = (code) => leads.locator(".decision", { hasText: code });
  assert.match(await decision("K01").locator(".entered").innerText(), /58/);
  assert.match(await decision("K01").locator(".stands").innerText(), /55/);
  await decision("K01").getByText("评分表已锁定").waitFor();
  await decision("K02").getByText("退赛").waitFor();
  // One is admitted by two persons, the other is turned away.
  await decide(decision("K02"), "不采用，保持空白");
  await done(leads);
  await decide(decision("K01"), "采用这个值", "请第二个人确认");
  await done(leads, "已请第二个人确认");
  await confirm(await desk(), "计入 J1 迟到的评分 K01 A1.01：58，代替 55");
  await counts({ K01: "78.00" });
  await leads.bringToFront();
  await leads.goto("/chief");
  await leads.getByText("没有要您决定的值").waitFor();
});

test("a mark on the wrong competitor is seen by the code, taken back by a tap, and corrected with a reason later", async () => {
  await competition();
  const one = await judge("J1");
  await sheet(one, "尺寸", "K02");
  // It is the largest thing on the sheet.
  const sizes = await one.evaluate(() => {
    const size = (element) => parseFloat(getComputedStyle(element).fontSize);
    const rest = [...document.querySelectorAll(".sheet *")].filter((element) => !element.matches(".code, .code *") && element.checkVisibility());
    return [size(document.querySelector(".who .code")), Math.max(...rest.map(size))];
  });
  assert.ok(sizes[0] >= 40 && sizes[0] > sizes[1], `${sizes}`);
  await number("55")(one);
  await one.locator(".undo", { hasText: "K02 · A1.01：已记 55" }).waitFor();
  await one.waitForTimeout(8_000);
  await one.locator(".undo button").click();
  await one.locator(".stands", { hasText: "未评" }).waitFor();
  await received(one);
  await one.waitForTimeout(320);
  await home(one);
  await mark(one, "尺寸", "K01", "A1.01", number("55"));
  await home(one);
  // The same again, and seen when it can be taken back by a tap no more.
  await mark(one, "尺寸", "K02", "A1.01", number("55"));
  await one.locator(".undo").waitFor({ state: "detached", timeout: 12_000 });
  await tap(one, one.locator(".place", { hasText: "A1.01" }));
  await number("50")(one);
  await one.locator(".why .change", { hasText: /55 → 50/ }).waitFor();
  await one.waitForTimeout(320);
  await tap(one, one.locator(".why .answer", { hasText: "看错了" }));
  await received(one);
  await counts({ K01: "55.00", K02: "50.00" });
  // One that should not be there at all is made nothing again, with a reason, and stays to be marked.
  await home(one);
  await sheet(one, "尺寸", "K01");
  await tap(one, one.locator(".place", { hasText: "A1.01" }));
  await tap(one, one.getByRole("button", { name: "改回未评" }));
  await one.locator(".why .change", { hasText: /55 → 未评/ }).waitFor();
  await tap(one, one.locator(".why .answer", { hasText: "看错了" }));
  await one.locator(".stands", { hasText: "未评" }).waitFor();
  await one.locator(".who .code", { hasText: "K01" }).waitFor();
  await one.locator(".aspect .mono", { hasText: "A1.01" }).waitFor();
  assert.equal(await one.getByRole("button", { name: "改回未评" }).filter({ visible: true }).count(), 0);
  await received(one);
  const other = await signIn("J2");
  await sheet(other, "尺寸", "K01");
  await other.locator(".stands", { hasText: "未评" }).waitFor();
  // The chief judge finds nothing to decide: whole sheets that were swapped are exchanged by two persons,
  // as chief-acts.test.mjs shows.
  const leads = await chief();
  await leads.getByText("没有要您决定的值").waitFor();
});
