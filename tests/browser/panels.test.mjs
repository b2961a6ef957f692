// Who marks what, chosen at the desk in a real browser: a column filled by a button, a cell by the keyboard, kept,
// and looked at in every size.
import assert from "node:assert/strict";
import { test } from "node:test";
import { HALL, PASSWORD, PHONE, TABLET, ask, audit, fresh } from "./chief-hall.mjs";

const shot = (page, name) => process.env.LEITAI_SHOTS && page.screenshot({ path: `${process.env.LEITAI_SHOTS}/${name}.png`, fullPage: true });

test("panels are chosen by buttons and keys, warn of interests, and are kept", async () => {
  const { competition } = await ask("POST", "/api/competitions/small", {
    name: "市赛", skill: "焊工", rule_set: "enterprise-drill",
    competitors: "李明远，一分厂\n王秀兰，二分厂", judges: "马建华\n胡爱民，一分厂\n林晓峰\n郑卫东", aspects: "外观，60，测量\n操作，40，评判", organisation: "",
  });
  const [{ skill }] = (await ask("GET", `/api/competitions/${competition.id}`)).skills;
  const interest = await ask("POST", `/desk/skill/${skill.id}/interests`, "judge=J2&competitor=李明远&kind=kin", "application/x-www-form-urlencoded");
  assert.ok(interest !== undefined);
  for (const [name, size, language, theme] of [["desk", { width: 1440, height: 900 }, "zh-CN", "light"], ["phone", PHONE, "en", "dark"], ["tablet", TABLET, "zh-CN", "dark"], ["hall", HALL, "en", "light"]]) {
    const page = await fresh({ size, language, theme });
    await page.goto("/desk/sign-in");
    await page.locator("input[name=name]").fill("desk");
    await page.locator("input[name=password]").fill(PASSWORD);
    await page.locator("main button").click();
    await page.goto(`/desk/competition/${competition.id}`);
    await page.locator("a[href$='/panels']").click();
    await page.locator(".panels").waitFor();
    if (name === "desk") {
      await page.getByText("现在每位裁判评所有子项").waitFor();
      await page.getByRole("button", { name: "不评: 胡爱民" }).click();
      await page.getByText("还没有保存。").waitFor();
      const cell = page.getByLabel("A1 郑卫东");
      await cell.focus();
      await page.keyboard.press("ArrowDown");
      assert.equal(await cell.inputValue(), "trainee J4");
      await page.getByRole("button", { name: "保存" }).click();
      await page.getByText("按下表评分").waitFor();
      assert.deepEqual(await page.locator("select[name=seat]").evaluateAll((all) => all.map(({ value }) => value)), ["", "", "counts J3", "trainee J4"]);
    }
    await shot(page, `panels-${name}`);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, name);
    await audit(page, `panels: ${name}`);
  }
});
