// A server that keeps its marks in a second place at the real program, and what the tablets say of that.
import { join } from "node:path";
import { test } from "node:test";
import { competition, judge, mark, number, served, unlock } from "./chief-hall.mjs";

const bar = (page, words) => page.locator(".sync", { hasText: words }).waitFor({ timeout: 30_000 });

test("what is in the second place is said to be sealed, of the mark and in the bar, and after the page was opened again", async () => {
  await served.cut();
  served.words.push("--backup", join(served.folder, "second place"));
  await served.start();
  await competition();
  const page = await judge("J1");
  await bar(page, "全部评分服务器已收到");
  await mark(page, "尺寸", "K01", "A1.01", number("55"));
  await page.locator(".place", { hasText: "A1.01" }).click();
  await page.locator(".reach.sealed", { hasText: "已封存" }).waitFor({ timeout: 30_000 });
  await bar(page, "全部评分已封存");
  await page.reload();
  await unlock(page);
  await bar(page, "全部评分已封存");
  await page.locator(".form", { hasText: "尺寸" }).locator(".competitor", { hasText: "K01" }).click();
  await page.locator(".place", { hasText: "A1.01" }).click();
  await page.locator(".reach.sealed", { hasText: "已封存" }).waitFor();
  await page.locator(".back").click();
  // A mark that is not there yet is received and no more.
  await page.locator(".form", { hasText: "尺寸" }).locator(".competitor", { hasText: "K02" }).click();
  await page.waitForTimeout(320);
  await page.evaluate(() => new MutationObserver(() => (window.bars ??= []).push(document.querySelector(".sync").textContent)).observe(document.body, { subtree: true, childList: true, characterData: true }));
  await number("50")(page);
  await page.waitForFunction(() => window.bars?.some((words) => !words.includes("封存")));
  await bar(page, "全部评分已封存");
});
