// Circuits, a competition on their ladder, its skills chosen from published lists, and a rehearsal of it, at the real
// program: as an organiser goes from an empty ladder to a dress rehearsal whose board is on the hall's screen.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD, PHONE, TABLET, audit, counted, fresh } from "./chief-hall.mjs";

const HALL = { width: 1920, height: 1080 };
const shot = (page, name) => process.env.LEITAI_SHOTS && page.screenshot({ path: `${process.env.LEITAI_SHOTS}/${name}.png`, fullPage: true });
const stays = async (page, what) =>
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${what} scrolls sideways`);

async function desk(options) {
  const page = await fresh(options);
  await page.goto("/desk/sign-in");
  await page.locator("input[name=name]").fill("desk");
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.locator("main button").click();
  await page.waitForURL("**/desk");
  return page;
}

test("from an empty ladder to a competition of four skills and its rehearsal", async () => {
  const page = await desk({ size: { width: 1440, height: 900 } });
  const by = counted();
  await by.press(page.getByRole("link", { name: "竞赛体系" }));
  await page.getByText("还没有竞赛体系").waitFor();
  await audit(page, "no circuit yet");
  await page.getByLabel("体系名称").fill("河北省职工技能竞赛体系");
  await page.getByLabel("周期").fill("2026");
  await by.press(page.getByRole("button", { name: "新建" }));
  await page.getByRole("heading", { level: 1, name: "河北省职工技能竞赛体系" }).waitFor();
  await audit(page, "an empty ladder");
  await by.press(page.getByRole("link", { name: "新建这一级的大赛: 市级" }));
  await page.waitForURL("**#new");
  assert.equal(await page.locator("#new ~ form select[name=tier], section[aria-labelledby=new] select[name=tier]").inputValue(), "city");
  const make = page.locator("section[aria-labelledby=new]");
  assert.match(await make.locator("select[name=circuit] option:checked").innerText(), /河北省职工技能竞赛体系/);
  await make.getByLabel("大赛名称").fill("石家庄市职工职业技能大赛");
  await make.getByLabel("第一天").fill("2026-12-05");
  await make.getByLabel("最后一天").fill("2026-12-07");
  await make.getByLabel("地点").fill("石家庄市技师学院");
  await by.press(make.getByRole("button", { name: "新建" }));
  await page.getByRole("heading", { level: 1, name: "石家庄市职工职业技能大赛" }).waitFor();

  // Two occupations by their names, two skills of WorldSkills by a list.
  await by.press(page.getByRole("link", { name: "从职业目录、世赛目录或模板里选" }));
  for (const word of ["焊工", "电工"]) {
    await page.getByLabel("查找").fill(word);
    await page.keyboard.press("Enter");
    await page.waitForURL(`**find=${encodeURIComponent(word)}**`);
    await page.getByRole("checkbox", { name: new RegExp(`选 ${word} `) }).check();
    await by.press(page.getByRole("button", { name: "添加勾选的赛项" }));
    await page.getByText("已添加 1 个赛项").waitFor();
  }
  await page.goto(page.url().split("?")[0] + "?list=worldskills");
  await audit(page, "the skills of WorldSkills");
  await page.getByRole("checkbox", { name: /选 焊接 10/ }).check();
  await page.getByRole("checkbox", { name: /选 数控车 06/ }).check();
  await by.press(page.getByRole("button", { name: "添加勾选的赛项" }));
  await page.getByText("已添加 2 个赛项").waitFor();
  await shot(page, "pick-after");
  await by.press(page.getByRole("link", { name: "回到大赛" }));
  assert.equal(await page.locator(".desk-skill").count(), 4);

  // Where and when one of them is held.
  await by.press(page.getByRole("link", { name: "赛项信息: 焊工" }));
  await page.getByText("焊工", { exact: true }).first().waitFor();
  await page.getByLabel("场地").fill("实训楼一层焊接车间");
  await page.getByLabel("第一天").fill("2026-12-08");
  await by.press(page.getByRole("button", { name: "保存" }));
  await page.getByText("大赛是 2026-12-05 到 2026-12-07").waitFor();
  assert.equal(await page.getByLabel("场地").inputValue(), "实训楼一层焊接车间");
  await audit(page, "a skill's form, refused");
  await page.getByLabel("第一天").fill("2026-12-05");
  await page.getByLabel("最后一天").fill("2026-12-06");
  await by.press(page.getByRole("button", { name: "保存" }));
  await page.getByText("实训楼一层焊接车间").waitFor();

  real = page.url().split("?")[0].split("#")[0];
  await by.press(page.getByRole("link", { name: "新建彩排" }));
  await audit(page, "the form of a rehearsal");
  await by.press(page.getByRole("button", { name: "新建彩排" }));
  await page.getByRole("heading", { level: 1, name: "石家庄市职工职业技能大赛（彩排）" }).waitFor();
  await page.getByText("彩排：这里的一切都不算数").waitFor();
  await audit(page, "a rehearsal's desk");
  await shot(page, "rehearsal-desk");
  const at = page.url().split("?")[0].split("#")[0];

  // On the ladder stands the one that counts; the desk shows both, apart.
  await page.goto("/desk");
  await page.locator("section[aria-labelledby=rehearsals]").getByRole("link", { name: /彩排/ }).waitFor();
  assert.equal(await page.locator("section[aria-labelledby=competitions] .card").filter({ hasText: "彩排" }).count(), 0);
  await page.getByRole("link", { name: "竞赛体系" }).click();
  await page.getByRole("link", { name: "河北省职工技能竞赛体系" }).click();
  await page.getByRole("link", { name: "石家庄市职工职业技能大赛", exact: true }).waitFor();
  assert.equal(await page.getByText("彩排").count(), 0);
  assert.ok(by.acts() <= 16, `${by.acts()} acts`);
  rehearsal = at;
});

let rehearsal, real;

for (const [size, viewport] of Object.entries({ phone: PHONE, tablet: TABLET, hall: HALL }))
  for (const [language, theme] of [["zh-CN", "light"], ["en", "dark"]])
    test(`the ladder, the lists and a rehearsal are readable on a ${size}, ${language}, ${theme}`, async () => {
      const page = await desk({ size: viewport, language, theme });
      await page.goto("/desk/circuits");
      await audit(page, `circuits on a ${size}, ${language}, ${theme}`);
      await stays(page, "circuits");
      await shot(page, `circuits-${size}-${language}`);
      await page.locator(".cards a").first().click();
      await page.locator(".ladder").waitFor();
      await audit(page, `a circuit on a ${size}, ${language}, ${theme}`);
      await stays(page, "a circuit");
      await shot(page, `circuit-${size}-${language}`);
      for (const [path, name] of [["skills/pick?find=焊", "pick"], ["rehearsal", "rehearse"], ["about", "about"]]) {
        await page.goto(`${real}/${path}`);
        await page.locator("main").waitFor();
        await audit(page, `${name} on a ${size}, ${language}, ${theme}`);
        await stays(page, name);
        await shot(page, `${name}-${size}-${language}`);
      }
      await page.goto(rehearsal);
      await page.locator(".desk-skill a[href$='/about']").first().click();
      await page.locator("[name=venue]").waitFor();
      await audit(page, `a skill on a ${size}, ${language}, ${theme}`);
      await stays(page, "a skill");
      await shot(page, `skill-${size}-${language}`);
    });
