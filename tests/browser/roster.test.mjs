// A roster on a bad network and with bad rows: how much of it is sent is seen, it can be stopped, a break loses
// nothing; and the rows that are left out are mended as in a spreadsheet, also without a script.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { PASSWORD, PHONE, audit, fresh, served } from "./chief-hall.mjs";

const DESK = { width: 1440, height: 900 };
const shot = (page, name) => process.env.LEITAI_SHOTS && page.screenshot({ path: `${process.env.LEITAI_SHOTS}/${name}.png`, fullPage: true });
const numeral = (at) => [...String(at).padStart(4, "0")].map((digit) => "零一二三四五六七八九"[digit]).join("");

// The roster of a fresh competition with one skill.
async function roster(options) {
  const page = await fresh({ size: DESK, ...options });
  await page.goto("/desk/sign-in");
  await page.locator("input[name=name]").fill("desk");
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.locator("main button").click();
  await page.waitForURL("**/desk");
  const make = page.locator("section[aria-labelledby=new]");
  await make.locator("[name=name]").fill(`名单 ${Math.random()}`);
  await make.locator("button").last().click();
  await page.locator("[name=skills]").fill("01，焊接，Welding\n02，电工，Electrician");
  await page.locator("form:has([name=skills]) button").click();
  await page.locator("a[href$='/roster']").first().click();
  await page.locator("[name=file]").waitFor();
  return page;
}

function list(people, spoil = () => {}) {
  const rows = Array.from({ length: people }, (_, at) => [`选手${numeral(at)}`, "焊接", `第${at % 7}机械厂`, `${"石保唐沧邢"[at % 5]}市代表队`]);
  spoil(rows);
  const file = join(served.folder, `list-${Math.random()}.csv`);
  writeFileSync(file, [["姓名", "赛项", "工作单位", "代表队"], ...rows].map((row) => row.join(",")).join("\n"));
  return file;
}

const chosen = (page) => page.locator("[name=file]").evaluate(({ files }) => files.length);
const value = (page, row, column) => page.locator(`tr[data-row="${row}"] input[name$="${column}"]`).inputValue();
const cell = (page, row, column) => page.locator(`tr[data-row="${row}"] input[name$="${column}"]`);

test("a list on a slow network shows how much is sent, can be stopped, and a break loses nothing", async () => {
  const page = await roster();
  const network = await page.context().newCDPSession(page);
  await network.send("Network.enable");
  const set = (kilobytes, offline = false) => network.send("Network.emulateNetworkConditions", { offline, latency: 40, downloadThroughput: -1, uploadThroughput: kilobytes * 1024 });
  const file = list(4000);
  const upload = page.getByRole("button", { name: "上传并检查" });
  await set(60);
  await page.locator("[name=file]").setInputFiles(file);
  await upload.click();
  await page.locator(".on-the-way", { hasText: "正在上传" }).waitFor();
  await page.waitForFunction(() => document.querySelector(".on-the-way progress")?.value > 0.1);
  assert.ok(await upload.isDisabled(), "it is sent once");
  await audit(page, "a list on its way");
  await shot(page, "roster-sending");
  await page.getByRole("button", { name: "停止" }).click();
  await page.getByText("已停止").waitFor();
  assert.equal(await chosen(page), 1, "the file is still chosen");
  await upload.click();
  await page.waitForFunction(() => document.querySelector(".on-the-way progress")?.value > 0.1);
  await set(60, true);
  await page.locator(".on-the-way .wrong", { hasText: "没有收到服务器的答复" }).waitFor();
  assert.equal(await chosen(page), 1, "the file is still chosen");
  await audit(page, "a list that did not come through");
  await shot(page, "roster-broken");
  await set(1000);
  await upload.click();
  await page.locator(".sum", { hasText: "共 4000 行：4000 人可以导入" }).waitFor();
  assert.match(page.url(), /\/roster\/list\//, "it has its own address");
  const at = page.url();
  await page.reload();
  await page.locator(".sum", { hasText: "4000 人可以导入" }).waitFor();
  // Taking in breaks before anything is sent, and goes on.
  await set(60, true);
  await page.getByRole("button", { name: "导入 4000 人" }).click();
  await page.locator(".on-the-way .wrong", { hasText: "请再按一次" }).waitFor();
  await set(-1);
  await page.getByRole("button", { name: "导入 4000 人" }).click();
  await page.getByRole("heading", { name: "现有 4000 人" }).waitFor();
  await page.goBack();
  await page.waitForFunction((at) => location.href === at, at);
  await page.getByText("这份名单已经导入").waitFor();
  // One that cannot be read is said to be so beside the file.
  await page.locator("[name=file]").setInputFiles({ name: "x.xlsx", mimeType: "", buffer: Buffer.from("PK") });
  await page.getByRole("button", { name: "上传并检查" }).click();
  await page.locator(".on-the-way .wrong").waitFor();
  assert.equal(await chosen(page), 1);
});

test("rows that are left out are mended as in a spreadsheet and taken in with the rest", async () => {
  const page = await roster();
  const spoil = (rows) => {
    for (const at of [2, 4, 6, 8]) rows[at][1] = "航接";
    rows[8][0] = "";
  };
  await page.locator("[name=file]").setInputFiles(list(30, spoil));
  await page.getByRole("button", { name: "上传并检查" }).click();
  await page.locator(".sum", { hasText: "26 人可以导入，4 行有错" }).waitFor();
  await audit(page, "rows to be mended");
  await shot(page, "roster-mend");
  await cell(page, 4, 1).focus();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("焊接");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), "第 6 行，赛项");
  await page.keyboard.press("ArrowLeft");
  assert.equal(await page.evaluate(() => document.activeElement.name), "c0");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowDown");
  // A block of three rows and two columns, one of them beyond the table.
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.setData("text/plain", "焊接\t甲厂\r\n电工\t\"乙\n厂\"\r\n焊 接\t丙厂\r\n焊接\t丁厂\r\n");
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  });
  assert.deepEqual([await value(page, 6, 1), await value(page, 6, 2), await value(page, 8, 1), await value(page, 8, 2), await value(page, 10, 2)], ["焊接", "甲厂", "电工", "乙 厂", "丙厂"]);
  await page.getByText("有 2 格超出表格").waitFor();
  await page.getByRole("button", { name: /^导入 26 人/ }).click();
  await page.getByText("这里改过的还没有检查").waitFor();
  await shot(page, "roster-mend-first");
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "重新检查", exact: true }).click();
  await page.locator(".on-the-way .wrong").waitFor();
  assert.equal(await value(page, 8, 2), "乙 厂", "what was typed is there");
  await page.context().setOffline(false);
  await cell(page, 4, 1).focus();
  await page.keyboard.press("Control+Enter");
  await page.locator(".sum", { hasText: "29 人可以导入，1 行有错" }).waitFor();
  await cell(page, 10, 0).fill("补名");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await page.locator(".sum", { hasText: "30 人可以导入，0 行有错" }).waitFor();
  await page.getByRole("button", { name: "导入 30 人" }).click();
  await page.getByRole("heading", { name: "现有 30 人" }).waitFor();
});

test("the same is done without a script, on a phone, in English and dark", async () => {
  const page = await roster({ size: PHONE, language: "en-GB", theme: "dark", script: false });
  await page.locator("[name=file]").setInputFiles(list(8, (rows) => (rows[1][1] = "航接")));
  await page.getByRole("button", { name: "Upload and check" }).click();
  await page.locator(".sum", { hasText: "7 people can be taken in" }).waitFor();
  await cell(page, 3, 1).fill("还不对");
  await page.getByRole("button", { name: "Look over again" }).click();
  await page.locator(".sum", { hasText: "1 row is wrong" }).waitFor();
  assert.equal(await value(page, 3, 1), "还不对");
  await cell(page, 3, 1).fill("焊接");
  await page.getByRole("button", { name: "Look over again" }).click();
  await page.locator(".sum", { hasText: "8 people can be taken in" }).waitFor();
  await page.getByRole("button", { name: "Take 8 people in" }).click();
  await page.getByText("8 people were taken in.").waitFor();
});

test("the grid fits a phone", async () => {
  const page = await roster({ size: PHONE, language: "en-GB", theme: "dark" });
  await page.locator("[name=file]").setInputFiles(list(8, (rows) => (rows[1][1] = "航接")));
  await page.getByRole("button", { name: "Upload and check" }).click();
  await cell(page, 3, 1).waitFor();
  await audit(page, "rows to be mended on a phone");
  await shot(page, "roster-mend-phone-en-dark");
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
});
