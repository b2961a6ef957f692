// The competitors of a skill as a long list: sought, ordered, turned over, several ticked, changed together and undone;
// with the mouse, by keys alone and without a script, at a desk and on a phone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD, PHONE, ask, audit, fresh } from "./chief-hall.mjs";

const DESK = { width: 1440, height: 900 };
const shot = (page, name) => process.env.LEITAI_SHOTS && page.screenshot({ path: `${process.env.LEITAI_SHOTS}/${name}.png`, fullPage: true });
const numeral = (at) => [...String(at).padStart(3, "0")].map((digit) => "零一二三四五六七八九"[digit]).join("");
const names = (page) => page.locator("tbody th").allInnerTexts();
const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

async function signIn(page) {
  await page.goto("/desk/sign-in");
  await page.locator("input[name=name]").fill("desk");
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.locator("main button").click();
  await page.waitForURL("**/desk");
}

// A skill with a hundred and twenty people; gives its list's address.
async function many(page) {
  const make = page.locator("section[aria-labelledby=new]");
  await make.getByLabel("大赛名称").fill("长名单");
  await make.getByRole("button", { name: "新建" }).click();
  await page.locator("[name=skills]").fill("01，焊接，Welding");
  await page.getByRole("button", { name: "添加赛项" }).click();
  await page.getByRole("link", { name: "选手名单" }).click();
  const row = (at) => `选手${numeral(at)}\t第${at % 7}机械厂\t${"石保唐沧邢"[at % 5]}市\t${at % 2 ? "学生组" : "职工组"}`;
  await page.locator("summary", { hasText: "或者粘贴" }).click();
  await page.locator("[name=rows]").fill(["姓名\t工作单位\t代表队\t组别", ...Array.from({ length: 120 }, (_, at) => row(at))].join("\n"));
  await page.getByRole("button", { name: "检查", exact: true }).click();
  await page.getByRole("button", { name: /导入/ }).click();
  await page.locator("table a", { hasText: "焊接" }).click();
  await page.locator(".several").waitFor();
  return page.url();
}

// The list, made by the first test.
let at;

test("a long list of competitors is searched, ordered, turned over, changed several at a time and undone", async () => {
  const page = await fresh({ size: DESK });
  await signIn(page);
  at = await many(page);
  await page.getByText("共 120 人，这一页是第 1–50。").waitFor();
  await audit(page, "a long list");
  await shot(page, "list-desk");
  await page.getByRole("link", { name: "姓名" }).click();
  assert.deepEqual((await names(page)).slice(0, 2), ["选手一一一", "选手一一七"]);
  await page.getByRole("link", { name: "姓名" }).click();
  assert.equal(await page.locator("th[aria-sort=descending]").innerText(), "姓名");
  await page.getByRole("link", { name: "第 3 页" }).click();
  assert.equal((await names(page)).length, 20);
  const last = await names(page);
  await page.reload();
  assert.deepEqual(await names(page), last, "loaded again it is the same");
  await page.locator("select[name=delegation]").selectOption("保市");
  await page.getByRole("button", { name: "查找" }).click();
  await page.getByText("找到 24 人").waitFor();
  assert.match(page.url(), /sort=-name/, "the order is kept");
  await page.goBack();
  assert.deepEqual(await names(page), last, "going back keeps it");
  await page.goForward();
  await page.locator("tbody input[type=checkbox]").nth(0).check();
  await page.locator("tbody input[type=checkbox]").nth(1).check();
  await page.getByLabel("改成").fill("定州市");
  await shot(page, "list-ticked");
  await page.getByRole("button", { name: "先看会改什么" }).click();
  await page.getByText("2 人改成“定州市”").waitFor();
  await audit(page, "what a bulk change would do");
  await shot(page, "list-preview");
  await page.getByRole("button", { name: /确认/ }).click();
  await page.getByText("找到 22 人").waitFor();
  await audit(page, "a bulk change that can be undone");
  await shot(page, "list-undo");
  await page.getByRole("button", { name: "撤销" }).click();
  await page.getByText("找到 24 人").waitFor();
  assert.equal(await page.locator(".note.undo").count(), 0);
  await page.getByRole("searchbox").fill("没有这个人");
  await page.getByRole("searchbox").press("Enter");
  await page.getByText("没有符合的").waitFor();
  await audit(page, "nothing that fits");
  await shot(page, "list-nothing");
  await page.getByRole("link", { name: "清除条件" }).first().click();
  await page.getByText("共 120 人").waitFor();
});

test("the same by keys alone", async () => {
  const page = await fresh({ size: DESK });
  await signIn(page);
  await page.goto(at);
  // On until what is focused is that.
  const to = async (is) => {
    for (let steps = 0; steps < 400; steps += 1) {
      await page.keyboard.press("Tab");
      if (await page.evaluate(is)) return;
    }
    assert.fail(`not reached: ${is}`);
  };
  await to(() => document.activeElement.name === "find");
  await page.keyboard.type("选手零零");
  await page.keyboard.press("Enter");
  await page.getByText("找到 10 人").waitFor();
  await to(() => document.activeElement.closest("th.sort")?.innerText === "编号");
  await page.keyboard.press("Enter");
  await page.locator("th[aria-sort=ascending]").waitFor();
  await to(() => document.activeElement.name === "code");
  await page.keyboard.press("Space");
  await to(() => document.activeElement.name === "code");
  await page.keyboard.press("Space");
  await to(() => document.activeElement.name === "act");
  await page.keyboard.press("End");
  await to(() => document.activeElement.innerText === "先看会改什么");
  await page.keyboard.press("Enter");
  await page.getByText("从名单里删除：2 人").waitFor();
  await to(() => /确认/.test(document.activeElement.innerText));
  await page.keyboard.press("Enter");
  await page.getByText("找到 8 人").waitFor();
  await to(() => document.activeElement.innerText === "撤销");
  await page.keyboard.press("Enter");
  await page.getByText("找到 10 人").waitFor();
});

test("the same on a phone without a script, in English and dark", async () => {
  const phone = await fresh({ size: PHONE, language: "en", theme: "dark", script: false });
  await signIn(phone);
  await phone.goto(at);
  await phone.getByText("1–50 of 120.").waitFor();
  assert.ok(await fits(phone), "a long list on a phone");
  await phone.getByRole("searchbox").fill("选手零零");
  await phone.getByRole("button", { name: "Find" }).click();
  await phone.locator("tbody input[type=checkbox]").nth(3).check();
  await phone.getByLabel("Do").selectOption("group");
  await phone.getByLabel("To").fill("教师组");
  await phone.getByRole("button", { name: "See what it would change" }).click();
  await phone.getByText("1 competitor to").waitFor();
  assert.ok(await fits(phone), "what it would do, on a phone");
  await phone.getByRole("button", { name: /Confirm/ }).click();
  await phone.getByRole("button", { name: "Undo" }).click();
  assert.equal(await phone.getByRole("button", { name: "Undo" }).count(), 0);
  const audited = await fresh({ size: PHONE, language: "en", theme: "dark" });
  await signIn(audited);
  await audited.goto(at);
  await audited.locator("tbody input[type=checkbox]").nth(1).check();
  await audit(audited, "a long list on a phone, in English and dark");
  await shot(audited, "list-phone-en-dark");
  await audited.getByRole("link", { name: "Next" }).click();
  await audited.getByText("51–100 of 120.").waitFor();
});

test("skills, competitions and people are found in the same way", async () => {
  const page = await fresh({ size: DESK });
  await signIn(page);
  const make = page.locator("section[aria-labelledby=new]");
  await make.getByLabel("大赛名称").fill("六十个赛项");
  await make.getByRole("button", { name: "新建" }).click();
  await page.locator("[name=skills]").fill(Array.from({ length: 60 }, (_, at) => `${String(at + 1).padStart(2, "0")}，赛项${at + 1}`).join("\n"));
  await page.getByRole("button", { name: "添加赛项" }).click();
  await page.getByText("共 60 个赛项，这一页是第 1–50。").waitFor();
  await audit(page, "sixty skills");
  await page.getByRole("link", { name: "下一页" }).click();
  assert.equal(await page.locator(".desk-skill").count(), 10);
  await page.getByRole("searchbox").fill("赛项7");
  await page.getByRole("searchbox").press("Enter");
  await page.getByText("找到 1 个赛项").waitFor();
  await shot(page, "list-skills");
  // A way that leads to one skill finds it, on whichever page it is.
  const skill = (await page.locator(".desk-skill").getAttribute("id")).replace("skill-", "");
  await page.goto(`/desk/skill/${skill}`);
  await page.locator(".desk-skill", { hasText: "赛项7" }).waitFor();

  const form = "application/x-www-form-urlencoded";
  for (let at = 0; at < 60; at += 1) await ask("POST", "/desk/organisations", `name=${encodeURIComponent(`机构${at}`)}&kind=enterprise&parent=`, form);
  await page.goto("/desk/people");
  await page.getByText("共 60 个，这一页是第 1–50。").waitFor();
  await audit(page, "sixty organisations");
  await page.getByRole("searchbox").fill("机构42");
  await page.getByRole("searchbox").press("Enter");
  assert.equal(await page.locator(".tree li").count(), 1);
  await shot(page, "list-people");
  await page.setViewportSize(PHONE);
  assert.ok(await fits(page), "people on a phone");
  for (let at = 0; at < 10; at += 1) await ask("POST", "/desk/new", `name=${encodeURIComponent(`练兵${at}`)}&tier=city&rule_set=hebei-2025`, form);
  await page.goto("/desk");
  await page.getByRole("searchbox").fill("练兵4");
  await page.getByRole("searchbox").press("Enter");
  assert.equal(await page.locator(".cards li").count(), 1);
  await audit(page, "competitions, one found, on a phone");
  await shot(page, "list-competitions-phone");
});
