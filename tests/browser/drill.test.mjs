// A drill on the job at the real program: a foreman with a phone, from the sign-in to the first mark, counted;
// a second judge, the board on the wall, and the results.
import assert from "node:assert/strict";
import { test } from "node:test";
import { HALL, PASSWORD, PHONE, audit, fresh, served } from "./chief-hall.mjs";

const NAMES = "李明远\n王秀兰\n赵国强\n孙海燕\n周立新\n吴晓梅\n郑卫东\n冯建国";

const shot = (page, name) => process.env.LEITAI_SHOTS && page.screenshot({ path: `${process.env.LEITAI_SHOTS}/${name}.png`, fullPage: true });

// Counts what a person does: each tap, and each field that is typed or pasted into.
function counted(page) {
  let acts = 0;
  return {
    tap: async (locator) => {
      acts++;
      await page.waitForTimeout(320);
      await locator.click();
    },
    fill: async (locator, text) => {
      acts++;
      await locator.fill(text);
    },
    count: () => acts,
  };
}

async function signedIn(options) {
  const page = await fresh(options);
  const acts = counted(page);
  await page.goto("/drill");
  await acts.fill(page.locator("input[name=name]"), "desk");
  await acts.fill(page.locator("input[name=password]"), PASSWORD);
  await acts.tap(page.locator("main button"));
  await acts.tap(page.getByRole("link", { name: /岗位练兵|Drills on a phone/ }));
  await page.locator("h1", { hasText: /岗位练兵|Drills/ }).waitFor();
  return { page, acts };
}

test("a foreman marks the first worker of a drill within 25 acts of the sign-in, on a phone", async () => {
  const { page, acts } = await signedIn({ size: PHONE });
  await page.locator(".empty", { hasText: "还没有练兵" }).waitFor();
  await audit(page, "no drill yet");
  await acts.tap(page.getByRole("link", { name: "开始练兵" }));
  await audit(page, "the form of a drill");
  await shot(page, "drill-new");
  await acts.tap(page.locator(".choice", { hasText: "角焊缝" }));
  await acts.fill(page.locator("textarea[name=names]"), NAMES);
  await acts.tap(page.getByRole("button", { name: "开始", exact: true }));
  const pin = await page.locator("#mark ~ p .pin").innerText();
  await audit(page, "a drill that was started");
  await shot(page, "drill-started");
  assert.equal(await page.locator("#workers ~ table tbody tr").count(), 8);
  const drill = new URL(page.url());
  await acts.tap(page.getByRole("link", { name: "开始评分" }));
  await acts.fill(page.locator(".pin"), pin);
  await acts.tap(page.locator("button[type=submit]"));
  await acts.tap(page.locator(".go-on"));
  await page.locator(".who .code", { hasText: "1" }).waitFor();
  await acts.tap(page.locator(".answer.yes"));
  await page.waitForFunction(() => document.querySelector(".undo .reach.received, .undo")?.textContent.includes("✓"));
  assert.ok(acts.count() <= 25, `${acts.count()} acts`);
  console.log(`${acts.count()} acts from the sign-in to the first mark`);
  assert.equal(drill.pathname, "/drill/new");
  // The desk is signed in still, and the drill is in the list.
  await page.goto("/drill");
  await page.locator(".drills a", { hasText: "角焊缝" }).click();
  await page.getByRole("link", { name: "继续评分" }).waitFor();
  await page.locator(".about", { hasText: "8 人 · 已评 1 /" }).waitFor();
  // The wall shows it as it goes, with names.
  const wall = await fresh({ size: HALL });
  await wall.goto(new URL(await page.locator("#wall ~ .judge-card .address").innerText()).pathname);
  await wall.getByText("李明远").first().waitFor();
  await shot(wall, "drill-wall");
  // It is over: whoever is wholly marked has a position, and nothing is marked any more.
  await page.getByText("练完了").click();
  await page.getByRole("button", { name: "结束，公布成绩" }).click();
  await page.getByText("评分已结束").waitFor();
  await page.locator(".about", { hasText: "已出成绩" }).waitFor();
  await wall.locator(".status.official").waitFor();
});

test("a form that is sent twice starts one drill, what is wrong with it is said, and the next one begins with what was there", async () => {
  const { page } = await signedIn({ size: PHONE });
  const before = await page.locator(".drills li").count();
  await page.goto("/drill/new");
  await page.locator(".choice", { hasText: "自己写" }).click();
  await page.locator("textarea[name=aspects]").fill("穿戴齐全\n尺寸，20，看看");
  await page.locator("textarea[name=names]").fill("李明远\n王秀兰\n李明远");
  const start = page.getByRole("button", { name: "开始", exact: true });
  await start.click();
  await page.locator(".wrong", { hasText: "不认识“看看”" }).waitFor();
  await page.locator("textarea[name=aspects]").fill("穿戴齐全\n尺寸合格处数，20，计数:5\n外观，15，评判");
  await start.click();
  await page.locator(".wrong", { hasText: "“李明远”写了两次" }).waitFor();
  assert.equal(await page.locator("textarea[name=aspects]").inputValue(), "穿戴齐全\n尺寸合格处数，20，计数:5\n外观，15，评判");
  await audit(page, "a form that was refused");
  await page.locator("textarea[name=names]").fill("1. 李明远\n2. 王秀兰");
  await page.getByText("名称、第二位裁判、榜单").click();
  await page.locator("input[name=title]").fill("班组练兵");
  await page.locator("input[name=second]").fill("胡爱民");
  await page.getByText("榜上只写号码").click();
  const body = new URLSearchParams(await page.evaluate(() => [...new FormData(document.querySelector(".drill-form"))]));
  await start.click();
  await page.locator("#second ~ .judge-card", { hasText: "胡爱民" }).waitFor();
  await page.locator("#workers ~ table td", { hasText: "王秀兰" }).waitFor();
  assert.equal(await page.evaluate(async (body) => (await fetch("/drill/new", { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body })).status, String(body)), 200);
  await page.goto("/drill");
  assert.equal(await page.locator(".drills li").count(), before + 1);
  // The board knows no names where the foreman said so.
  const board = await page.locator(".drills a").first().getAttribute("href");
  await page.goto(board);
  const screen = new URL(await page.locator("#wall ~ .judge-card .address").innerText()).pathname;
  const text = await (await fetch(served.base + screen)).text();
  assert.ok(!text.includes("王秀兰") && text.includes("班组练兵"));
  // What was drilled once is the first to choose, with the same people.
  await page.goto("/drill/new");
  await page.locator(".templates li:first-child .choice", { hasText: "班组练兵" }).locator("input:checked").waitFor();
  assert.equal(await page.locator("textarea[name=names]").inputValue(), "李明远\n王秀兰");
  await start.click();
  await page.locator("h1", { hasText: "班组练兵" }).waitFor();
  assert.equal(await page.locator("#second").count(), 0);
});

test("drills can be used by everyone: en, dark", async () => {
  const { page } = await signedIn({ size: PHONE, language: "en", theme: "dark" });
  await page.goto("/drill/new");
  await audit(page, "the form, en, dark");
  await shot(page, "drill-new-en-dark");
  await page.locator("textarea[name=names]").fill("Li Mingyuan");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.getByRole("link", { name: "Begin to mark" }).waitFor();
  await audit(page, "a drill, en, dark");
  await shot(page, "drill-started-en-dark");
});
