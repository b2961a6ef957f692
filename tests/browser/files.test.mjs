// What comes from a file and goes out as one, at the real program: judges of a whole competition from rows of Excel.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { PASSWORD, PHONE, audit, fresh } from "./chief-hall.mjs";

const shot = (page, name) => process.env.LEITAI_SHOTS && page.screenshot({ path: `${process.env.LEITAI_SHOTS}/${name}.png`, fullPage: true });

async function desk(page, name) {
  await page.goto("/desk/sign-in");
  await page.locator("input[name=name]").fill("desk");
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.locator("main button").click();
  await page.waitForURL("**/desk");
  await page.locator("section[aria-labelledby=new] [name=name]").fill(name);
  await page.locator("section[aria-labelledby=new] button.primary").click();
  await page.locator("[name=skills]").fill("01，焊接，Welding\n02，电工，Electrician");
  await page.locator("form[action$='/skills'] button").click();
  await page.locator(".desk-skill").nth(1).waitFor();
  return page;
}

const fits = (page, where) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth).then((is) => assert.ok(is, where));

test("judges of every skill come from rows of Excel, and go as a whole", async () => {
  const page = await desk(await fresh({ size: { width: 1440, height: 900 } }), "裁判名单大赛");
  await page.getByRole("link", { name: "裁判名单" }).click();
  await page.getByRole("heading", { name: "现有 0 人" }).waitFor();
  await audit(page, "judges' lists, empty");
  const [template] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: /下载模板/ }).click()]);
  assert.ok(readFileSync(await template.path()).subarray(0, 2).equals(Buffer.from("PK")));
  await page.getByText("或者粘贴").click();
  const rows = "赛项\t姓名\t工作单位\t裁判长\n焊接\t马建华\t质检院\t是\n焊接\t胡爱民\t技术处\t\n电工\t林晓峰\t技术处\t\n木工\t郑卫东\t\t\n";
  await page.locator("[name=rows]").fill(rows);
  await page.getByRole("button", { name: "检查", exact: true }).click();
  assert.match(await page.locator(".sum").innerText(), /共 4 行：3 人可以导入，1 行有错/);
  await audit(page, "what a list of judges would do");
  await shot(page, "files-judges-run");
  await page.getByRole("button", { name: "导入 3 人，略过 1 行" }).click();
  await page.locator(".note", { hasText: "已导入 3 人" }).waitFor();
  await audit(page, "judges' lists, with one");
  await shot(page, "files-judges");
  const lists = page.locator("section[aria-labelledby=lists]");
  await lists.locator("summary").click();
  await lists.locator("details[open] button").click();
  await page.getByRole("heading", { name: "现有 0 人" }).waitFor();
});

test("a list of judges is looked over on a phone, in English and dark", async () => {
  const page = await desk(await fresh({ size: PHONE, language: "en", theme: "dark" }), "Judges");
  await page.locator("a[href$='/judges']").click();
  await page.locator("summary", { hasText: "Or paste" }).click();
  await page.locator("[name=rows]").fill("Skill\tJudge\tCompany\nWelding\tMa Jianhua\tLab\nWelding\tMa Jianhua\tLab\n");
  await page.getByRole("button", { name: "Check", exact: true }).click();
  await page.locator(".sum", { hasText: "1 person can be taken in, 0 rows are wrong, 1 there already" }).waitFor();
  await audit(page, "what a list of judges would do, on a phone in English and dark");
  await fits(page, "a list of judges on a phone");
  await shot(page, "files-judges-run-phone-en-dark");
  await page.getByRole("button", { name: "Take 1 person in, leave 1 row out" }).click();
  await page.locator(".note", { hasText: "1 person was taken in" }).waitFor();
  await audit(page, "judges' lists, on a phone in English and dark");
  await fits(page, "judges' lists on a phone");
});
