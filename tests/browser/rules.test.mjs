// A competition's rules at the real program: edited with an example beside them that follows what is typed, with a
// script and without one; mistakes stand at their fields; at every size, in both languages, light and dark.
import assert from "node:assert/strict";
import { test } from "node:test";
import { HALL, PASSWORD, PHONE, TABLET, ask, audit, browser, fresh, served } from "./chief-hall.mjs";

const shot = (page, name) => process.env.LEITAI_SHOTS && page.screenshot({ path: `${process.env.LEITAI_SHOTS}/${name}.png`, fullPage: true });
const DESK = { width: 1440, height: 900 };

async function signedIn(page) {
  await page.goto("/desk/sign-in");
  await page.locator("input[name=name]").fill("desk");
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.locator("main button").click();
  await page.waitForURL("**/desk");
  return page;
}

// A competition of one skill that is not open; the address of its rules.
async function rulesOf(name, rules = "hebei-2025") {
  const made = await ask("POST", "/api/competitions/small", {
    name, skill: "焊工", rule_set: rules, competitors: "李明远，一分厂\n王秀兰，二分厂", judges: "马建华", aspects: "外观，100，测量", organisation: "",
  });
  return `/desk/competition/${made.competition.id}/rules`;
}

const group = (page, name) => page.locator("details.rule-group", { has: page.locator(".group-name", { hasText: name }) });
const unfold = (page, name) => group(page, name).locator("> summary").click();
const field = (page, path) => page.locator(`[name="${path}"]`);
const row = (page, code) => page.locator(`#preview tr[data-code="${code}"]`);
// What goes beyond the page's width is cut, or makes it scroll sideways.
const isWithin = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

test("the example follows what is typed, and says in words what comes out otherwise", async () => {
  const page = await signedIn(await fresh({ size: DESK }));
  await page.goto(await rulesOf("市赛甲"));
  await page.getByText("与预设“河北省第二届职业技能大赛（2025）”完全相同。").waitFor();
  assert.equal(await page.locator("#preview tbody tr").count(), 12);
  await page.getByText("示例的结果与现行规则完全相同。").waitFor();
  await unfold(page, "评判评分");
  assert.equal(await field(page, "judgement.spread_max").inputValue(), "1");
  const address = page.url();
  await field(page, "judgement.spread_max").fill("2");
  await page.locator("#preview .sum", { hasText: "12 名选手中有 1 名的结果不同" }).waitFor();
  assert.equal(page.url(), address, "nothing was loaded anew");
  assert.match(await row(page, "06").innerText(), /不同\s.*总分 78\.00 → 79\.11/);
  assert.match(await row(page, "05").innerText(), /相同/);
  // At the field: that it was changed, what the preset says, and the way back; at the source, that it is another's.
  const own = page.locator(".rule-field", { has: field(page, "judgement.spread_max") });
  assert.match(await own.innerText(), /预设：1/);
  await own.getByText("已改").waitFor();
  await page.locator(".rule-field", { has: field(page, "judgement.source") }).locator(".look").waitFor();
  await group(page, "评判评分").locator(".state", { hasText: "1 处要核对" }).waitFor();
  await page.locator("#preview .warns", { hasText: "评判评分，分差最多 1 → 2" }).waitFor();
  await field(page, "judgement.spread_max").fill("1");
  await page.locator("#preview .sum", { hasText: "完全相同" }).waitFor();
  await group(page, "评判评分").locator(".state", { hasText: "与预设相同" }).waitFor();
  assert.equal(await own.getByText("已改").isVisible(), false);

  // What cannot be read is said at its field, and in the list with a link that leads there.
  await unfold(page, "扣分和及格线");
  await field(page, "penalties.cap").fill("很多");
  await page.locator("#preview .sum", { hasText: "还算不出来" }).waitFor();
  assert.equal(await field(page, "penalties.cap").getAttribute("aria-invalid"), "true");
  await page.locator(".rule-field", { has: field(page, "penalties.cap") }).locator(".wrong", { hasText: "不是分值" }).waitFor();
  await page.locator("#preview .faults a", { hasText: "扣分合计最多" }).click();
  assert.match(page.url(), /#rule-penalties-cap$/);
  await audit(page, "rules with a mistake");
  await field(page, "penalties.cap").fill("5");
  await page.locator("#preview .faults .is-error", { hasText: "来源" }).or(page.locator("#preview .faults .is-error", { hasText: "依据" })).first().waitFor();
  await field(page, "penalties.source").fill("本市技术文件第 12 条");
  await page.locator("#preview tr", { hasText: "总分 77.61 → 80.61" }).waitFor();
  assert.equal(await field(page, "penalties.cap").getAttribute("aria-invalid"), null);
  await audit(page, "rules that were changed");
  await shot(page, "rules-changed");

  // Where the server does not answer, the preview does not stand there as if it were new.
  await page.route("**/rules/preview", (route) => route.abort());
  await field(page, "penalties.cap").fill("4");
  await page.locator("#preview").getByText("预览没有更新").waitFor();
  await page.unroute("**/rules/preview");
  await field(page, "penalties.cap").fill("6");
  await page.locator("#preview tr", { hasText: "总分 77.61 → 79.61" }).waitFor();
  assert.equal(await page.getByText("预览没有更新").count(), 0);

  await page.locator(".keep").getByRole("button", { name: "保存" }).click();
  await page.getByText("规则已保存。").waitFor();
  await page.locator(".rules-in-use", { hasText: "（本赛修改）" }).waitFor();
  assert.equal(await field(page, "penalties.cap").inputValue(), "6.00");
  await shot(page, "rules-saved");
});

test("rows are added, moved and taken out, and the key of return keeps nothing", async () => {
  const page = await signedIn(await fresh({ size: TABLET }));
  const at = await rulesOf("市赛乙");
  await page.goto(at);
  await unfold(page, "奖项（按名次）");
  const prizes = group(page, "奖项（按名次）");
  assert.equal(await prizes.locator("ol > li").count(), 4);
  await prizes.getByRole("button", { name: "加一行" }).click();
  await prizes.locator("ol > li").nth(4).waitFor();
  await field(page, "prizes[5].award").fill("鼓励奖");
  await field(page, "prizes[5].take").selectOption("within");
  await field(page, "prizes[5].take.first").waitFor({ state: "hidden" });
  await field(page, "prizes[5].take.percent").fill("80");
  await field(page, "prizes[5].source").fill("本市技术文件第 9 条");
  await page.locator("#preview tr", { hasText: "奖项 无 → 鼓励奖" }).first().waitFor();
  await field(page, "prizes[5].take.percent").press("Enter");
  await page.getByText("还没有保存。").waitFor();
  assert.equal(await field(page, "prizes[5].award").inputValue(), "鼓励奖");
  await prizes.getByRole("button", { name: "第 1 行：删去" }).click();
  // What a level was for is gone, which is said where the level stands.
  await group(page, "技能等级晋升").locator(".wrong", { hasText: "奖项“Gold”在本规则集里没有" }).waitFor();
  assert.equal(await field(page, "prizes[4].award").inputValue(), "鼓励奖");
  await shot(page, "rules-rows");
  await audit(page, "rows of prizes");
  await prizes.getByRole("button", { name: "恢复预设的各行" }).click();
  await page.getByText("完全相同。").first().waitFor();
  await page.goto(at);
  assert.equal(await page.getByText("还没有保存。").count(), 0);
});

test("without a script a button shows what the rules do", async () => {
  const at = await rulesOf("市赛丙", "worldskills-2019");
  const signed = await signedIn(await fresh());
  const context = await browser.newContext({ viewport: DESK, baseURL: served.base, javaScriptEnabled: false, locale: "en", storageState: await signed.context().storageState() });
  const page = await context.newPage();
  await page.goto(at);
  await unfold(page, "Medals, by closeness of results");
  await field(page, "medals.rule").selectOption("distinct_marks");
  await page.locator(".keep").getByRole("button", { name: "Preview" }).click();
  await page.getByText("One competitor's result is another than under the rules in use.").waitFor();
  assert.match(await row(page, "05").innerText(), /Differs\s.*position 3 → 6; award Bronze → Medallion for Excellence/);
  assert.match(await group(page, "Medals").locator("> summary").innerText(), /to look at/);
  await page.locator("[name=preset]").selectOption("worldskills-2026");
  await page.getByRole("button", { name: "Begin from this one" }).click();
  assert.equal(await field(page, "medals.excellence.award").inputValue(), "Medal for Excellence");
  await page.locator(".keep").getByRole("button", { name: "Save" }).click();
  await page.getByText("The rules are kept.").waitFor();
  await context.close();
});

for (const [size, viewport, language, theme] of [
  ["phone", PHONE, "zh-CN", "light"],
  ["phone", PHONE, "en", "dark"],
  ["tablet", TABLET, "zh-CN", "dark"],
  ["desk", DESK, "en", "light"],
  ["hall", HALL, "zh-CN", "light"],
  ["hall", HALL, "en", "dark"],
])
  test(`rules are readable on a ${size}, ${language}, ${theme}`, async () => {
    const page = await signedIn(await fresh({ size: viewport, language, theme }));
    await page.goto(await rulesOf(`市赛 ${size} ${language} ${theme}`, "worldskills-2026"));
    assert.ok(await isWithin(page), "it scrolls sideways");
    await shot(page, `rules-${size}-${language}-${theme}`);
    await page.evaluate(() => document.querySelectorAll("details.rule-group").forEach((group) => (group.open = true)));
    await field(page, "medals.threshold").fill("");
    await field(page, "rounding.position").selectOption("at_total");
    await field(page, "scale.spread").fill("35");
    await page.locator("#preview .sum.differs").waitFor();
    assert.ok(await isWithin(page), "it scrolls sideways");
    await audit(page, `all rules on a ${size}, ${language}, ${theme}`);
    await shot(page, `rules-open-${size}-${language}-${theme}`);
  });
