// The next edition of a competition at the real program: from the last one's page to a draft of the next in three
// acts, its form filled in as it will most likely be.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD, PHONE, TABLET, ask, audit, counted, fresh } from "./chief-hall.mjs";

const shot = (page, name) => process.env.LEITAI_SHOTS && page.screenshot({ path: `${process.env.LEITAI_SHOTS}/${name}.png`, fullPage: true });

async function desk(page, name) {
  const { competition } = await ask("POST", "/api/competitions/small", {
    name, skill: "焊工", rule_set: "enterprise-drill", competitors: "李明远，一分厂", judges: "马建华", aspects: "外观，100，测量", organisation: "",
  });
  await page.goto("/desk/sign-in");
  await page.locator("input[name=name]").fill("desk");
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.locator("main button").click();
  await page.waitForURL("**/desk");
  await page.goto(`/desk/competition/${competition.id}`);
  return page;
}

test("three acts make the next edition, with its judges and without its people", async () => {
  const page = await desk(await fresh({ size: { width: 1440, height: 900 } }), "第二届焊工大赛");
  const by = counted();
  await by.press(page.getByRole("link", { name: "新建下一届" }));
  assert.equal(await page.getByLabel("大赛名称").inputValue(), "第三届焊工大赛");
  await audit(page, "the form of the next edition");
  await by.press(page.getByLabel("裁判和评分组也照搬"));
  await by.press(page.getByRole("button", { name: "新建" }));
  await page.getByRole("heading", { level: 1, name: "第三届焊工大赛" }).waitFor();
  assert.equal(await page.locator(".lacks").innerText(), "还没有选手");
  await page.locator(".set-up-judges, .desk-skill").getByText("马建华").first().waitFor({ state: "attached" });
  assert.equal(by.acts(), 3);
});

for (const [size, viewport] of Object.entries({ phone: PHONE, tablet: TABLET }))
  for (const [language, theme] of [["zh-CN", "light"], ["en", "dark"]])
    test(`the form of the next edition is readable on a ${size}, ${language}, ${theme}`, async () => {
      const page = await desk(await fresh({ size: viewport, language, theme }), `2026 ${size} ${theme}`);
      await page.locator("a[href$='/next']").click();
      await page.locator("[name=edition]").waitFor();
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "it scrolls sideways");
      await audit(page, `the next edition on a ${size}, ${language}, ${theme}`);
      await shot(page, `edition-${size}-${language}-${theme}`);
    });

test("a competition is offered as a template, and another begins with it; a skill of it is picked alone", async () => {
  const page = await desk(await fresh({ size: { width: 1440, height: 900 } }), "焊工样板");
  await page.getByRole("link", { name: "大赛信息" }).click();
  await page.getByRole("button", { name: "作为模板提供" }).click();
  await page.getByText("现在是模板").waitFor();
  await audit(page, "what a competition is, offered as a template");
  await shot(page, "template-offered");
  await page.goto("/desk");
  const form = page.locator("form[action^='/desk/new']");
  await form.getByLabel("从模板开始").selectOption({ label: "焊工样板" });
  await form.getByLabel("大赛名称").fill("五月大赛");
  await shot(page, "template-chosen");
  await form.getByRole("button", { name: "新建" }).click();
  await page.getByRole("heading", { level: 1, name: "五月大赛" }).waitFor();
  assert.deepEqual(await page.locator(".lacks li").allInnerTexts(), ["还没有选手", "还没有裁判"]);
  // A skill that is not held goes with its scheme, said before.
  await page.locator("summary", { hasText: "删除赛项" }).click();
  await page.getByText("评分标准和它的各个版本一起删除").waitFor();
  await page.locator(".what").getByRole("button", { name: "删除赛项" }).click();
  await page.getByRole("link", { name: "从职业目录、世赛目录或模板里选" }).click();
  await page.getByLabel("目录").selectOption("templates");
  await page.getByRole("button", { name: "查找" }).click();
  const row = page.locator("tr", { has: page.locator("th", { hasText: "焊工" }) }).filter({ hasText: "焊工样板" });
  await row.getByRole("checkbox").check();
  await audit(page, "skills of templates");
  await shot(page, "template-skills");
  await page.getByRole("button", { name: "添加勾选的赛项" }).click();
  await page.getByText("已添加 1 个赛项").waitFor();
  await page.getByRole("link", { name: "回到大赛" }).click();
  assert.deepEqual(await page.locator(".lacks li").allInnerTexts(), ["还没有选手", "还没有裁判"]);
});
