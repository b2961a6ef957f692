// A judge goes in the middle of the marking, and a judge's tablet is away: what the chief judge does, and what
// the tablets show.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PHONE, SIZES, TABLET, audit, chief, competitionOf, desk, enter, home, judge, mark, pages, received, rung, signIn } from "./chief-hall.mjs";

const shot = (page, name) => process.env.LEITAI_SHOTS && page.screenshot({ path: `${process.env.LEITAI_SHOTS}/${name}.png`, fullPage: true });
const done = (page, words) => page.locator(".note.done", { hasText: words }).waitFor();
const words = {
  zh: { form: "工艺", even: "均匀美观", full: "全长一致", replace: "换裁判", spoken: "代录口述的分值", review: "核对并签字" },
};
const look = async (page) => {
  await page.bringToFront();
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
};

for (const [name, size] of SIZES) {
  test(`another judge takes a seat over, and goes on where the first stopped (${name})`, async () => {
    await competitionOf({ reserves: ["J4,孙海燕,戊,judge"] });
    const leads = await chief();
    const first = await judge("J1", { size });
    await mark(first, words.zh.form, "K01", "B1.01", rung(words.zh.even));
    await received(first);
    await leads.reload();
    const form = leads.locator("details.confirm", { hasText: words.zh.replace });
    await form.locator("summary").click();
    await shot(leads, "seat-form");
    await audit(leads, "the form");
    await form.locator("select[name=leaves]").selectOption("J1");
    await form.locator("select[name=judge]").selectOption("J4");
    await form.locator("textarea").fill("突发疾病");
    await form.locator("button").click();
    await done(leads, "J1 的席位由 J4 接任，评分组 2 个");
    const left = leads.locator(".judge-left", { hasText: "J1" });
    await left.getByText("B1：已离席，由 J4 接任").waitFor();
    await shot(leads, "seat-left");
    // Who left has nothing to mark any more, and nothing is lost.
    await look(first);
    await first.getByText("没有分配给您的评分表").waitFor({ timeout: 30_000 });
    await first.getByText("裁判长调整了评分组").waitFor();
    await shot(first, "seat-first");
    // Who comes signs in with a card, and finds what is still to be said.
    const comes = await signIn("J4", { size });
    await comes.locator(".home .form").first().waitFor();
    await received(comes);
    await mark(comes, words.zh.form, "K02", "B1.01", rung(words.zh.full));
    await received(comes);
    for (const code of ["J2", "J3"]) {
      const other = await judge(code);
      await mark(other, words.zh.form, "K01", "B1.01", rung(words.zh.even));
      await home(other);
      await mark(other, words.zh.form, "K02", "B1.01", rung(words.zh.full));
      await received(other);
    }
    await leads.reload();
    const comer = leads.locator(".judge-left", { has: leads.locator("h3", { hasText: "J4" }) });
    assert.match(await comer.innerText(), /B1 工艺\s*2\/2/);
  });
}

test("a judge does not mark a compatriot, and who stands in finds that competitor alone", async () => {
  await competitionOf({ reserves: ["J4,孙海燕,戊,judge"], homes: { K02: "乙" } });
  const leads = await chief();
  await leads.locator(".next", { hasText: "要安排代评的裁判" }).waitFor();
  const barred = leads.locator("section[aria-labelledby=barred]");
  await barred.getByText("J2 不评：A1, B1").waitFor();
  await audit(leads, "who has to stand in");
  await shot(leads, "stand-in-form");
  const second = await judge("J2");
  const own = (page, code) => page.locator(".form", { hasText: words.zh.form }).locator(".competitor", { hasText: code });
  await own(second, "K02").getByText("您回避，代评的裁判待定").waitFor();
  // Where they look at it all the same, nothing can be given.
  await own(second, "K02").click();
  await second.locator(".sheet").getByText("您回避").first().waitFor();
  assert.equal(await second.locator(".rung").count(), 0);
  await shot(second, "stand-in-barred");
  const comes = await signIn("J4", { size: PHONE });
  await comes.getByText("没有分配给您的评分表").waitFor();
  await barred.locator("select[name=judge]").selectOption("J4");
  await barred.locator("button").click();
  await done(leads, "选手 K02 由 J4 代 J2 评，评分组 2 个");
  // Both tablets hear it without being touched.
  await own(comes, "K02").waitFor({ timeout: 5_000 });
  assert.equal(await own(comes, "K01").isVisible(), false);
  await shot(comes, "stand-in-comes");
  await second.locator(".sheet").getByText("由 J4 代评").first().waitFor({ timeout: 5_000 });
  await home(second);
  await own(second, "K02").getByText("由 J4 代评").waitFor();
  await mark(comes, words.zh.form, "K02", "B1.01", rung(words.zh.full));
  await received(comes);
  await mark(second, words.zh.form, "K01", "B1.01", rung(words.zh.full));
  await received(second);
  for (const code of ["J1", "J3"]) {
    const other = await judge(code);
    await mark(other, words.zh.form, "K02", "B1.01", rung(words.zh.full));
    await received(other);
  }
  await leads.reload();
  await leads.locator(".judge-left", { has: leads.locator("h3", { hasText: "J4" }) }).getByText("1/1").waitFor();
});

test("the panel is told of a seat in which nobody sits, on the card and on what they sign", async () => {
  const scored = "A1.01,A,作品,A1,作品,panel,整体效果,100.00,,,0,10,0.5,0,0,10";
  await competitionOf({ rules: "panel-sum", aspects: [scored, "A1.02,A,作品,A1,作品,measurement,尺寸,10.00,pass_fail,,,,,,,"], columns: "score_min,score_max,score_step,drop_high,drop_low,factor" });
  const leads = await chief();
  const form = leads.locator("details.confirm", { hasText: words.zh.replace });
  await form.locator("summary").click();
  await form.locator("select[name=leaves]").selectOption("J3");
  await form.locator("select[name=judge]").selectOption("");
  await form.locator("textarea").fill("没有到场");
  await form.locator("button").click();
  await done(leads, "J3 已离席，席位空着，评分组 1 个");
  const first = await judge("J1");
  await first.locator(".form .competitor", { hasText: "K01" }).click();
  const told = first.locator(".card .rule", { hasText: "J3 的席位空着" });
  await told.waitFor();
  await shot(first, "seat-empty");
  // A measurement is one value of the panel's, whoever of them enters it.
  await first.locator(".place", { hasText: "A1.02" }).click();
  await first.locator(".aspect .mono", { hasText: "A1.02" }).waitFor();
  assert.equal(await told.count(), 0);
  await first.waitForTimeout(320);
  await first.locator(".answer").first().click();
  await first.locator(".place", { hasText: "A1.01" }).click();
  await first.waitForTimeout(320);
  await first.locator(".wholes button", { hasText: "8" }).first().click();
  await first.waitForTimeout(320);
  await first.locator(".give").click();
  await first.getByRole("button", { name: words.zh.review }).first().click();
  await first.locator(".sign-box").getByText("J3 的席位空着").waitFor();
  await shot(first, "seat-empty-review");
});

test("walking begins at the first competitor whom the judge marks", async () => {
  await competitionOf({ reserves: ["J4,孙海燕,戊,judge"], homes: { K01: "乙" }, more: ["K03,赵长河"] });
  const barred = await judge("J2");
  await barred.locator(".form", { hasText: "尺寸" }).getByRole("button", { name: "逐项走评" }).click();
  for (const aspect of ["A1.01", "A1.02"]) {
    await barred.locator(".aspect .mono", { hasText: aspect }).waitFor();
    await barred.locator(".who .code", { hasText: "K02" }).waitFor();
    assert.equal(await barred.locator(".place").count(), 2, "K01 is not on the list");
    assert.equal(await barred.locator(".card .notice-box").count(), 0);
    await barred.waitForTimeout(320);
    await barred.locator(".card").press("ArrowRight");
  }
});

test("a judge in no list is added at the desk, gets a card there and a seat from the chief judge, and marks", async () => {
  await competitionOf({});
  const organiser = await desk();
  const form = organiser.locator(".desk-skill > details.confirm", { hasText: "添加裁判" });
  await form.locator("summary").click();
  await audit(organiser, "the form at the desk");
  await shot(organiser, "seat-add");
  await form.locator("input[name=code]").fill("J5");
  await form.locator("input[name=name]").fill("周立新");
  await form.locator("input[name=organisation]").fill("戊");
  await form.locator("button").click();
  const row = organiser.locator(".desk-skill tr", { hasText: "周立新" });
  await row.waitFor();
  await shot(organiser, "seat-added");
  await row.locator("button", { hasText: "新登录卡" }).click();
  const card = organiser.locator(".judge-card", { hasText: "周立新" });
  const pin = await card.locator(".pin").innerText();
  const code = (await card.locator(".address").innerText()).split("#")[1];
  const leads = await chief();
  const seat = leads.locator("details.confirm", { hasText: words.zh.replace });
  await seat.locator("summary").click();
  await seat.locator("select[name=leaves]").selectOption("J1");
  await seat.locator("select[name=judge]").selectOption("J5");
  await seat.locator("textarea").fill("J1 提前离场");
  await seat.locator("button").click();
  await done(leads, "J1 的席位由 J5 接任，评分组 2 个");
  const comes = await enter({ code, pin });
  await comes.locator(".home .form").first().waitFor();
  await received(comes);
  await mark(comes, words.zh.form, "K01", "B1.01", rung(words.zh.even));
  await received(comes);
});

test("two tablets in one seat both say so, and the chief judge sees it", async () => {
  await competitionOf({});
  const first = await judge("J1", { size: { width: 1366, height: 1024 } });
  const second = await signIn("J1", { size: PHONE });
  const told = (page) => page.locator(".notices", { hasText: "另有 1 台设备也以您的身份在线" }).waitFor({ timeout: 30_000 });
  await second.locator(".home .form").first().waitFor();
  await received(second);
  await look(first);
  await told(first);
  await look(second);
  await told(second);
  await shot(second, "two-in-one-seat");
  const leads = await chief();
  await leads.locator(".judge-left", { hasText: "J1" }).getByText("2 台设备以这位裁判登录").waitFor();
  // The one that goes is no longer told of. It is closed: of one that falls silent the server knows only
  // after a minute, and a tablet asks for its sheets every 20 s.
  await first.close();
  await second.locator(".notices", { hasText: "另有 1 台设备" }).waitFor({ state: "detached", timeout: 60_000 });
});

test("a score that a judge says is taken down with the judge's PIN, and what the tablet sends later stands beside it", async () => {
  await competitionOf({});
  const leads = await chief({ size: TABLET });
  const away = await judge("J2");
  const here = await judge("J1");
  await away.context().setOffline(true);
  await mark(away, words.zh.form, "K01", "B1.01", rung(words.zh.full));
  await mark(here, words.zh.form, "K01", "B1.01", rung(words.zh.even));
  await received(here);
  await leads.reload();
  const form = leads.locator("details.confirm", { hasText: words.zh.spoken });
  await form.locator("summary").click();
  await audit(leads, "the form");
  await form.locator("select[name=judge]").selectOption("J2");
  await form.locator("select[name=competitor]").selectOption("K01");
  await form.locator("select[name=aspect]").selectOption("B1.01");
  await form.locator("input[name=score]").fill("2");
  await form.locator("input[name=pin]").fill(away.pin === "000000" ? "111111" : "000000");
  await shot(leads, "spoken-form");
  await form.locator("button").click();
  await leads.locator(".problem, .wrong, [role=alert]", { hasText: "PIN 不对" }).first().waitFor();
  // It stands there as it was filled in, but for the PIN.
  const again = leads.locator("details.confirm", { hasText: words.zh.spoken });
  assert.equal(await again.locator("select[name=judge]").inputValue(), "J2");
  assert.equal(await again.locator("input[name=score]").inputValue(), "2");
  assert.equal(await again.locator("input[name=pin]").inputValue(), "");
  await again.locator("input[name=pin]").fill(away.pin);
  await again.locator("button").click();
  await done(leads, "已记入账本");
  // Who has scored is told whom the round waits for.
  await here.getByRole("button", { name: words.zh.review }).click();
  await look(here);
  await here.locator(".says", { hasText: "等J3（离线）" }).waitFor({ timeout: 30_000 });
  await shot(here, "spoken-waits");
  await away.context().setOffline(false);
  await leads.waitForTimeout(1_000);
  await leads.locator("#waiting .many").waitFor({ timeout: 40_000 });
  await shot(leads, "spoken-conflict");
  assert.equal(pages.length, 3);
});
