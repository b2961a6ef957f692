// A competitor signs a sheet at a judge's tablet, after the judges, where the rules ask for it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PHONE, TABLET, audit, chief, competitionOf, judge, mark, received, rung, served } from "./chief-hall.mjs";

const shot = (page, name) => process.env.LEITAI_SHOTS && page.screenshot({ path: `${process.env.LEITAI_SHOTS}/${name}.png`, fullPage: true });
const tap = async (page, locator) => {
  await locator.click();
  await page.waitForTimeout(320);
};
const look = async (page) => {
  await page.bringToFront();
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
};

// Draws on the pad as a finger does.
async function draw(page) {
  const pad = page.locator("signature-pad.drawable svg");
  await pad.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await pad.boundingBox();
  await page.mouse.move(x + width * 0.2, y + height * 0.6);
  await page.mouse.down();
  for (let step = 0; step <= 40; step++) await page.mouse.move(x + width * (0.2 + step / 80), y + height * (0.5 - 0.25 * Math.sin(step / 3)));
  await page.mouse.up();
}

// K01's sheet B1, scored and signed by its three judges; the first of them at its review.
async function signed() {
  await competitionOf({ rules: "vocational-2014" });
  const panel = [];
  for (const code of ["J1", "J2", "J3"]) {
    const page = await judge(code);
    await mark(page, "工艺", "K01", "B1.01", rung("均匀美观"));
    await received(page);
    await tap(page, page.getByRole("button", { name: "核对并签字" }));
    panel.push(page);
  }
  for (const page of panel) {
    await look(page);
    await tap(page, page.getByRole("button", { name: "不手写，直接签字" }));
    await page.getByText("您已签字").waitFor();
    await received(page);
  }
  await look(panel[0]);
  return panel[0];
}

test("a competitor looks at the own sheet, signs it, and gives the tablet back", async () => {
  const page = await signed();
  const link = page.getByRole("link", { name: "请选手签字" });
  await link.waitFor({ timeout: 30_000 });
  await shot(page, "countersign-link");
  await audit(page, "the review");
  await link.click();
  await page.locator("signature-pad.drawable").waitFor();
  assert.equal(await page.locator("h1").innerText(), "K01");
  assert.match(await page.locator(".signed-sheet").innerText(), /B1\.01[\s\S]*13\.33[\s\S]*20\.00/);
  assert.doesNotMatch(await page.locator("main").innerText(), /K02|李明远/);
  await audit(page, "the sheet");
  for (const [name, size] of [["tablet", TABLET], ["phone", PHONE]]) {
    await page.setViewportSize(size);
    await shot(page, `countersign-${name}`);
  }
  // Nothing drawn is no signature.
  await page.getByRole("button", { name: "我确认并签字" }).click();
  await page.getByText("还没有签名").waitFor();
  await page.locator("signature-pad.drawable").waitFor();
  await draw(page);
  await shot(page, "countersign-drawn");
  await page.getByRole("button", { name: "我确认并签字" }).click();
  await page.getByText("请把平板交还裁判").waitFor();
  await shot(page, "countersign-thanks");
  assert.doesNotMatch(await page.locator("main").innerText(), /K0/);
  // Back at the judge's app it asks for the PIN: the competitor gets no further.
  await page.getByRole("link", { name: "我的评分表" }).click();
  await page.locator(".unlock .pin").waitFor();
  const leads = await chief();
  await leads.locator('.drawn img[alt="K01 的手写签名"]').waitFor();
  await leads.getByRole("button", { name: "锁定" }).first().waitFor();
  await audit(leads, "the chief judge's page");
  await shot(leads, "countersign-chief");
});

test("a competitor who refuses says why, and the chief judge signs for them", async () => {
  const page = await signed();
  await page.getByRole("link", { name: "请选手签字" }).click({ timeout: 30_000 });
  await page.locator("summary", { hasText: "我不签" }).click();
  await page.locator("details[open] textarea").fill("B1.01 没有看到");
  await page.locator("details[open] button").click();
  await page.getByText("已记下您没有签字和理由").waitFor();
  const leads = await chief({ size: PHONE });
  await leads.getByText("选手没有签：").waitFor();
  await leads.getByText("B1.01 没有看到").first().waitFor();
  await leads.getByRole("link", { name: "再请选手签，或代签" }).click();
  await leads.locator("summary", { hasText: "裁判长代签" }).click();
  await leads.locator("details[open] textarea").fill("选手已离场");
  await leads.locator("details[open] button").click();
  await leads.getByText("已代签").waitFor();
  await leads.goto("/chief");
  await leads.getByText("J9 代选手签字").waitFor();
});

test("without a network the review says when the competitor signs, in place of a link that leads nowhere", async () => {
  const page = await signed();
  const link = page.getByRole("link", { name: "请选手签字" });
  const says = page.locator(".sign-box").getByText("联网后再请选手签字；评分和签字都在，不会丢。");
  await link.waitFor({ timeout: 30_000 });
  // The browser may know it before the connection is found to be dead.
  await page.evaluate(() => Object.defineProperty(navigator, "onLine", { get: () => false, configurable: true }));
  await tap(page, link);
  const notice = page.locator(".notices p", { hasText: "联网后再请选手签字" });
  await notice.waitFor();
  await shot(page, "countersign-offline-tap");
  await tap(page, notice.getByRole("button", { name: "知道了" }));
  await page.evaluate(() => delete navigator.onLine);
  // The connection is gone: there is nothing to tap.
  await page.context().setOffline(true);
  await served.cut();
  await says.waitFor();
  assert.equal(await link.count(), 0);
  assert.equal(new URL(page.url()).pathname, "/judge");
  await shot(page, "countersign-offline");
  await audit(page, "the review without a network");
  await page.locator(".languages").getByText("English").click();
  await page.locator(".sign-box").getByText("The competitor signs once there is a network again; nothing is lost.").waitFor();
  await page.locator(".languages").getByText("中文").click();
  await served.start();
  await page.context().setOffline(false);
  await link.waitFor({ timeout: 40_000 });
  await link.click();
  await page.locator("signature-pad.drawable").waitFor();
});
