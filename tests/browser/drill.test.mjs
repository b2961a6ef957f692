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
  // A slip for each, on the phone and on paper.
  await page.getByRole("link", { name: "每人一张成绩单" }).click();
  await page.locator(".slip").nth(7).waitFor();
  await audit(page, "the slips");
  await page.locator(".slip h2 a", { hasText: "李明远" }).click();
  await page.locator(".slip", { hasText: "还没评完" }).waitFor();
  assert.equal(await page.locator(".slip").count(), 1);
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
  // Marked to its end, each worker's slip says what went best and what has to be drilled.
  const pin = await page.locator("#mark ~ p .pin").innerText();
  await page.getByRole("link", { name: "开始评分" }).click();
  await page.locator(".pin").fill(pin);
  await page.locator("button[type=submit]").click();
  for (const [number, wears, count, rung] of [["1", "yes", "5", 1], ["2", "no", "2", 3]]) {
    await page.locator(".home .competitor", { hasText: number }).click();
    for (const answer of [page.locator(`.answer.${wears}`), page.locator(".answer", { hasText: count }).first(), page.locator(".answer").nth(rung)]) {
      await page.waitForTimeout(400);
      await answer.click();
    }
    await page.waitForTimeout(400);
    await page.locator(".back").click();
  }
  await page.waitForFunction(() => /服务器已收到/.test(document.querySelector(".sync").textContent));
  await page.goto("/drill");
  await page.locator(".drills a", { hasText: "班组练兵" }).first().click();
  await page.getByRole("link", { name: "每人一张成绩单" }).click();
  const of = page.locator(".slip", { hasText: "李明远" });
  await of.getByText("35.00 分").waitFor();
  await of.getByText("第 1 名，共 2 人").waitFor();
  await of.locator("li", { hasText: /^外观 ?5\.00 \/ 15\.00$/ }).waitFor();
  await audit(page, "slips with what went best and worst");
  await shot(page, "drill-slips");
  // On paper there is nothing but the slips, two beside each other.
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize({ width: 700, height: 990 });
  assert.equal(await page.locator(".head .acts").isVisible(), false);
  const [left, right] = await page.$$eval(".slip", (slips) => slips.map((slip) => slip.getBoundingClientRect()).map(({ x, y }) => ({ x, y })));
  assert.ok(left.y === right.y && left.x < right.x);
  await shot(page, "drill-slips-print");
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
