// The scheme editor in a real browser: a scheme written from nothing by keys and pasting, moved, changed in
// heaps and taken back, saved, changed by two at once, kept through a reload, looked at in every size.
import assert from "node:assert/strict";
import { test } from "node:test";
import { HALL, PASSWORD, PHONE, TABLET, ask, audit, fresh } from "./chief-hall.mjs";

const shot = (page, name) => process.env.LEITAI_SHOTS && page.screenshot({ path: `${process.env.LEITAI_SHOTS}/${name}.png`, fullPage: true });
const WIDE = { width: 1440, height: 900 };

async function signedIn(options = { size: WIDE }) {
  const page = await fresh(options);
  await page.goto("/desk/sign-in");
  await page.locator("input[name=name]").fill("desk");
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.locator("main button").click();
  return page;
}

// A competition of two empty skills, and the first one's editor.
async function edited(options) {
  const page = await signedIn(options);
  const make = page.locator("form[action='/desk/new#new']");
  await make.locator("[name=name]").fill("市赛");
  await make.locator("[name=rule_set]").selectOption("worldskills-2026");
  await make.locator("button").click();
  await page.locator("[name=skills]").fill("01，焊接，Welding\n02，电工，Electrician");
  await page.locator("form[action$='/skills'] button").click();
  await page.locator(".desk-skill").first().locator("a[href$='/scheme']").click();
  await page.locator(".scheme-editor").waitFor();
  return page;
}

const bar = (page) => page.locator(".scheme-bar");
const saved = (page, version) => page.locator(".state", { hasText: `已保存为第 ${version} 版` }).waitFor();
const total = (page, sum) => page.locator("[data-sum=total]", { hasText: sum }).waitFor();
const ids = (page, sort = "a") => page.locator(`.scheme-body [data-rows=${sort}] > [data-row]`).evaluateAll((rows, name) => rows.map((row) => row.querySelector(`[name=${name}]`).value), sort);
const aspect = (page, at) => page.locator(".scheme-body .aspect").nth(at);

// Pastes as a spreadsheet does.
const paste = (locator, text) =>
  locator.evaluate((element, text) => {
    element.focus();
    const data = new DataTransfer();
    data.setData("text/plain", text);
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);

const ROWS = [
  ["A1.1", "焊脚尺寸 6±0.5 mm", "测量：公差带", "30.00"],
  ["A1.2", "咬边深度不超过 0.5 mm", "M", "20.00"],
  ["A1.3", "焊缝成形", "J", "10.00", "", "", "", "看整条焊缝", "差", "达标", "良好", "优秀"],
]
  .map((cells) => cells.join("\t"))
  .join("\r\n");

test("a scheme is written from nothing by keys and pasting, and saved", async () => {
  const page = await edited();
  await page.getByText("还没有评分标准").waitFor();
  await audit(page, "an empty editor");
  await shot(page, "scheme-empty");
  await page.getByRole("button", { name: "添加评分项" }).click();
  assert.deepEqual([await ids(page, "c"), await ids(page, "s"), await ids(page)], [["A"], ["A1"], ["A1.1"]]);
  // The cursor waits where the name is written.
  await page.keyboard.type("焊接质量");
  await aspect(page, 0).locator("[name=description]").focus();
  await paste(aspect(page, 0).locator("[name=a]"), ROWS);
  assert.deepEqual(await ids(page), ["A1.1", "A1.2", "A1.3"]);
  await total(page, "60.00");
  assert.deepEqual(await page.locator(".aspect [name=kind]").evaluateAll((all) => all.map(({ value }) => value)), ["ranged", "pass_fail", "judgement"]);
  // What is missing stands at its row; the button leads there.
  await page.locator(".row-notes li", { hasText: "目标值 这一格不能为空" }).waitFor();
  await bar(page).locator(".found").click();
  const bands = aspect(page, 0);
  await bands.locator(".toggle").click();
  await bands.locator("[name=target]").fill("6");
  await bands.locator("[name=bands]").fill("-0.5，0.5，0\n-1，1，x");
  await page.locator(".row-notes li", { hasText: "第 2 行读不懂" }).waitFor();
  assert.equal(await bands.locator("[name=bands]").getAttribute("aria-invalid"), "true");
  await page.keyboard.press("Control+s");
  await page.locator(".state", { hasText: "先改好再保存" }).waitFor();
  await bands.locator("[name=bands]").fill("-0.5，0.5，0\n-1，1，15");
  await page.locator(".row-notes li", { hasText: "读不懂" }).waitFor({ state: "detached" });
  // Enter in the last row adds one, with an id of its own and the kind of the one before.
  await aspect(page, 2).locator("[name=description]").press("Enter");
  assert.deepEqual(await ids(page), ["A1.1", "A1.2", "A1.3", "A1.4"]);
  await page.keyboard.type("工位整洁");
  assert.equal(await aspect(page, 3).locator("[name=description]").inputValue(), "工位整洁");
  await aspect(page, 3).locator("[name=max]").fill("40");
  await total(page, "100.00");
  // Descriptors come from the library, and can be had back.
  await aspect(page, 3).locator(".toggle").click();
  await aspect(page, 3).getByRole("button", { name: "从描述库选" }).click();
  await page.locator("#library").getByPlaceholder(/找/).fill("整洁");
  assert.equal(await page.locator("#library article").count(), 1);
  await audit(page, "the library");
  await shot(page, "scheme-library");
  await page.getByRole("button", { name: "用这一组: 工作环境与整理" }).click();
  assert.match(await aspect(page, 3).locator("[name=rung_3]").inputValue(), /示范/);
  await page.locator(".found[data-state=warnings]").waitFor();
  await page.keyboard.press("Control+s");
  await saved(page, 1);
  await audit(page, "a whole scheme");
  await shot(page, "scheme-whole");
  // What was saved is what is there.
  await page.reload();
  await total(page, "100.00");
  assert.deepEqual(await ids(page), ["A1.1", "A1.2", "A1.3", "A1.4"]);
  assert.equal(await aspect(page, 0).locator("[name=bands]").inputValue(), "-0.5, 0.5, 0\n-1, 1, 15");
  assert.equal(await aspect(page, 2).locator("[name=note]").inputValue(), "看整条焊缝");
  assert.equal(await page.locator(".draft-left").count(), 0);
});

// A scheme of two sub-criteria with three aspects each.
async function filled(options) {
  const page = await edited(options);
  await page.getByRole("button", { name: "添加评分项" }).click();
  await paste(aspect(page, 0).locator("[name=a]"), ["A1.1\t一\tM\t10", "A1.2\t二\tM\t10", "A1.3\t三\tM\t10"].join("\n"));
  await page.getByRole("button", { name: "添加子项" }).click();
  await paste(aspect(page, 3).locator("[name=a]"), ["A2.1\t四\tM\t20", "A2.2\t五\tM\t25", "A2.3\t六\tM\t25"].join("\n"));
  await total(page, "100.00");
  return page;
}
const sums = (page) => page.locator(".sub .row-sum").allInnerTexts();

test("rows are moved by keys, by buttons and by dragging, and every step is taken back", async () => {
  const page = await filled();
  const start = await ids(page);
  await aspect(page, 2).locator("[name=max]").focus();
  await page.keyboard.press("Alt+ArrowDown");
  // Past the end of its sub-criterion it goes into the next one.
  assert.deepEqual(await ids(page), ["A1.1", "A1.2", "A1.3", "A2.1", "A2.2", "A2.3"]);
  await page.locator(".sub .row-sum", { hasText: "80.00" }).waitFor();
  assert.deepEqual(await sums(page), ["20.00", "80.00"]);
  assert.equal(await page.evaluate(() => document.activeElement.closest(".aspect").querySelector("[name=a]").value), "A1.3", "the cursor stays in it");
  await page.keyboard.press("Alt+ArrowUp");
  await page.keyboard.press("Alt+ArrowUp");
  assert.deepEqual(await ids(page), ["A1.1", "A1.3", "A1.2", "A2.1", "A2.2", "A2.3"]);
  await aspect(page, 1).getByRole("button", { name: "下移" }).click();
  assert.deepEqual(await ids(page), start);
  // The whole sub-criterion goes with its aspects.
  await page.locator("[name=s]").nth(1).focus();
  await page.keyboard.press("Alt+ArrowUp");
  assert.deepEqual(await ids(page), ["A2.1", "A2.2", "A2.3", "A1.1", "A1.2", "A1.3"]);
  await bar(page).getByRole("button", { name: "撤销" }).click();
  assert.deepEqual(await ids(page), start);
  await page.setViewportSize({ width: 1440, height: 2400 });
  await aspect(page, 5).locator(".grip").dragTo(aspect(page, 0), { targetPosition: { x: 60, y: 4 } });
  assert.deepEqual(await ids(page), ["A2.3", "A1.1", "A1.2", "A1.3", "A2.1", "A2.2"]);
  await page.locator(".sub .row-sum", { hasText: "55.00" }).waitFor();
  assert.deepEqual(await sums(page), ["55.00", "45.00"]);
  await aspect(page, 1).locator("[name=description]").press("Alt+Delete");
  await page.locator(".state", { hasText: "已删除 A1.1" }).waitFor();
  await total(page, "90.00");
  for (let steps = 0; steps < 2; steps += 1) await bar(page).getByRole("button", { name: "撤销" }).click();
  assert.deepEqual(await ids(page), start);
  // Another kind and back: what the first said is still there.
  await aspect(page, 0).locator("[name=kind]").selectOption("number_completed");
  await aspect(page, 0).locator(".toggle").click();
  await aspect(page, 0).locator("[name=possible]").fill("5");
  await aspect(page, 0).locator("[name=kind]").selectOption("judgement");
  assert.equal(await aspect(page, 0).locator("[name=possible]").count(), 0);
  await aspect(page, 0).locator("[name=kind]").selectOption("number_completed");
  assert.equal(await aspect(page, 0).locator("[name=possible]").inputValue(), "5");
});

test("several aspects are changed at once, moved, removed, and had back", async () => {
  const page = await filled();
  await aspect(page, 1).locator(".pick").click();
  await aspect(page, 4).locator(".pick").click({ modifiers: ["Shift"] });
  const bulk = page.locator(".scheme-bulk");
  assert.equal(await bulk.locator(".picked").innerText(), "已选 4 个评分点");
  await bulk.locator("[data-bulk=text]").fill("7.5");
  // Tall enough that what stays in sight covers nothing.
  await page.setViewportSize({ width: 1440, height: 2400 });
  await audit(page, "several chosen");
  await shot(page, "scheme-bulk");
  await bulk.getByRole("button", { name: "应用" }).click();
  await total(page, "65.00");
  // Taking it back leaves what was written since.
  await aspect(page, 1).locator("[name=max]").fill("9");
  await bar(page).getByRole("button", { name: "撤销" }).click();
  await total(page, "99.00");
  await aspect(page, 1).locator("[name=max]").fill("10");
  await bulk.getByRole("button", { name: "应用" }).click();
  await total(page, "65.00");
  await bulk.locator("[data-bulk=act]").selectOption("kind");
  await bulk.locator("[data-bulk=choice]").selectOption("judgement");
  await bulk.getByRole("button", { name: "应用" }).click();
  await bulk.locator("[data-bulk=act]").selectOption("library");
  await bulk.getByRole("button", { name: "应用" }).click();
  await page.locator("#library article button").first().click();
  assert.equal(await page.locator(".aspect [name=rung_0]").count(), 4);
  await bulk.locator("[data-bulk=act]").selectOption("move");
  await bulk.locator("[data-bulk=choice]").selectOption("A2");
  await bulk.getByRole("button", { name: "应用" }).click();
  assert.deepEqual(await ids(page), ["A1.1", "A2.3", "A1.2", "A1.3", "A2.1", "A2.2"]);
  await bulk.locator("[data-bulk=act]").selectOption("number");
  await bulk.getByRole("button", { name: "应用" }).click();
  await page.locator(".row-notes li", { hasText: "A2.3" }).first().waitFor();
  await bar(page).getByRole("button", { name: "撤销" }).click();
  await bulk.locator("[data-bulk=act]").selectOption("remove");
  await bulk.getByRole("button", { name: "应用" }).click();
  await total(page, "35.00");
  for (let steps = 0; steps < 5; steps += 1) await bar(page).getByRole("button", { name: "撤销" }).click();
  await total(page, "100.00");
  assert.deepEqual(await ids(page), ["A1.1", "A1.2", "A1.3", "A2.1", "A2.2", "A2.3"]);
});

test("of two who edit at once nobody loses anything, and what was changed can be compared and taken back", async () => {
  const page = await filled();
  await page.keyboard.press("Control+s");
  await saved(page, 1);
  const other = await signedIn();
  await other.goto(page.url());
  await total(other, "100.00");
  await aspect(other, 0).locator("[name=max]").fill("12.5");
  await other.keyboard.press("Control+s");
  await saved(other, 2);
  await aspect(page, 5).locator("[name=description]").fill("六，改过");
  await page.keyboard.press("Control+s");
  await page.getByText("别人这期间的修改").waitFor();
  assert.equal(await aspect(page, 5).locator("[name=description]").inputValue(), "六，改过");
  assert.match(await page.locator(".scheme-changes").innerText(), /A1\.1[\s\S]*满分[\s\S]*10\.00[\s\S]*12\.50/);
  await audit(page, "two at once");
  await shot(page, "scheme-conflict");
  await page.keyboard.press("Control+s");
  await saved(page, 3);
  await page.reload();
  await page.getByRole("link", { name: "版本（3）" }).click();
  await page.getByRole("heading", { name: "对比两个版本" }).waitFor();
  await page.locator("select[name=from]").selectOption("1");
  await page.getByRole("button", { name: "对比" }).click();
  await page.getByText("版本 1 到 3：1 处不同").waitFor();
  await audit(page, "versions");
  await shot(page, "scheme-versions");
  await page.locator("summary", { hasText: "改回这一版" }).last().click();
  await page.locator("details[open] button", { hasText: "改回这一版" }).click();
  await page.locator(".scheme-editor").waitFor();
  await total(page, "100.00");
  assert.equal(await aspect(page, 5).locator("[name=description]").inputValue(), "六");
  await page.getByRole("link", { name: "版本（4）" }).waitFor();
});

test("what was not saved survives a reload and a lost network", async () => {
  const page = await filled();
  await page.keyboard.press("Control+s");
  await saved(page, 1);
  await aspect(page, 0).locator("[name=description]").fill("没保存的");
  await page.locator(".state", { hasText: "有未保存的修改" }).waitFor();
  const network = page.context();
  await network.setOffline(true);
  await page.keyboard.press("Control+s");
  await page.locator(".state", { hasText: "连不上服务器，还没有保存" }).waitFor();
  await network.setOffline(false);
  page.on("dialog", (dialog) => dialog.accept());
  await page.reload();
  await page.locator(".draft-left").waitFor();
  assert.equal(await aspect(page, 0).locator("[name=description]").inputValue(), "一");
  await page.getByRole("button", { name: "找回来" }).click();
  await page.locator(".state", { hasText: "有未保存的修改" }).waitFor();
  assert.equal(await aspect(page, 0).locator("[name=description]").inputValue(), "没保存的");
  await page.keyboard.press("Control+s");
  await saved(page, 2);
  await page.reload();
  assert.equal(await page.locator(".draft-left").count(), 0);
  // Signed out meanwhile: it is said, and all of it stays where it is.
  await aspect(page, 1).locator("[name=description]").fill("二，改过");
  const cookies = await network.cookies();
  await network.clearCookies();
  await page.keyboard.press("Control+s");
  await page.locator(".state", { hasText: "还没有保存，您写的都在这一页：请先登录" }).waitFor();
  await network.addCookies(cookies);
  await page.keyboard.press("Control+s");
  await saved(page, 3);
});

test("the editor fits phone, tablet and hall screen, in both languages and themes", async () => {
  const page = await filled();
  await page.keyboard.press("Control+s");
  await saved(page, 1);
  await page.getByRole("button", { name: "添加章节" }).click();
  await page.locator("[name=n_target]").fill("100");
  await page.keyboard.press("Control+s");
  await saved(page, 2);
  const at = new URL(page.url()).pathname;
  for (const [name, size] of Object.entries({ phone: PHONE, tablet: TABLET, hall: HALL })) {
    for (const [language, theme] of [["zh-CN", "light"], ["en", "dark"]]) {
      const own = await signedIn({ size, language, theme });
      await own.goto(at);
      await own.locator(".scheme-editor").waitFor();
      await own.locator(".toggle").first().click();
      const over = await own.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(over <= 0, `${name} ${language}: ${over} px too wide`);
      await audit(own, `${name} ${language} ${theme}`);
      await shot(own, `scheme-${name}-${language}`);
      await own.goto(`${at}/versions`);
      await audit(own, `versions: ${name} ${language} ${theme}`);
      await shot(own, `scheme-versions-${name}-${language}`);
    }
  }
});

test("without a script the form is filled in, looked over and saved; opened, it is only looked at", async () => {
  const page = await signedIn();
  const made = await ask("POST", "/api/competitions/small", {
    name: "班组赛", skill: "焊工", rule_set: "enterprise-drill", competitors: "李明远\n王秀兰", judges: "马建华", aspects: "外观，60，测量\n操作，40，评判", organisation: "",
  });
  const look = await ask("GET", `/api/competitions/${made.competition.id}`);
  const at = `/desk/skill/${look.skills[0].skill.id}/scheme`;
  const plain = await fresh({ size: WIDE, script: false });
  await plain.context().addCookies(await page.context().cookies());
  await plain.goto(at);
  await plain.locator("[name=max]").first().fill("70");
  await plain.getByRole("button", { name: "检查" }).click();
  assert.equal(await plain.locator("[data-sum=total]").innerText(), "110.00");
  await plain.locator("[name=max]").first().fill("六十");
  await plain.getByRole("button", { name: "保存" }).click();
  await plain.getByText("“六十”不是数字").waitFor();
  await plain.locator("[name=max]").first().fill("60.5");
  await plain.getByRole("button", { name: "保存" }).click();
  assert.equal(await plain.locator("[data-sum=total]").innerText(), "100.50");
  await page.goto(`${at}/versions`);
  assert.match(await page.locator(".scheme-versions").innerText(), /原来就有/);
  await ask("POST", `/api/skills/${look.skills[0].skill.id}/act`, { act: "open" });
  await page.goto(at);
  await page.getByText("评分标准已固定").waitFor();
  assert.ok(await page.locator("[name=max]").first().isDisabled());
  assert.equal(await page.locator(".grip:visible, [data-act=remove]:visible, .scheme-bar .primary").count(), 0);
  await audit(page, "an open skill's scheme");
  await shot(page, "scheme-open");
});

test("a scheme comes from a table, is looked over where it would stand, and goes out again", async () => {
  const page = await edited();
  const table = "子项编号,子项,评分点,评分方式,满分,0档描述,1档描述,2档描述,3档描述\r\nA1,外观,余高,测量：是 / 否,60,,,,\r\n,,成形,评判,四十,差,达标,良好,优秀\r\n";
  const file = (text) => ({ name: "焊接评分表.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
  const send = async (text) => {
    await page.locator("form[action*='/scheme/upload'] [name=file]").setInputFiles(file(text));
    await page.locator("form[action*='/scheme/upload'] button").click();
  };
  await page.getByRole("link", { name: "下载模板" }).waitFor();
  await send("姓名,单位\n李明,一厂\n");
  await page.getByText("没有找到表头").waitFor();
  await page.goBack();
  await send(table);
  await page.getByText("从“焊接评分表.csv”读入 2 个评分点").waitFor();
  await page.getByText("“四十”不是数字").first().waitFor();
  await audit(page, "a scheme that was read from a table");
  await shot(page, "scheme-table");
  await aspect(page, 1).locator("[name=max]").fill("40");
  await total(page, "100.00");
  await bar(page).getByRole("button", { name: "保存" }).click();
  await saved(page, 1);
  await page.reload();
  await total(page, "100.00");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "下载 Excel 表格" }).click()]);
  assert.match(download.suggestedFilename(), /^marking-table-01\.xlsx$/);
});
