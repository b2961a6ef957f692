// A draw at the real program, from its plan to its opening: three people who make codes, a witness, and whoever
// repeats it in a browser; and what it looks like to them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { HALL, PASSWORD, PHONE, TABLET, ask, audit, fresh, joined } from "./chief-hall.mjs";

const shot = (page, name) => process.env.LEITAI_SHOTS && page.screenshot({ path: `${process.env.LEITAI_SHOTS}/${name}.png`, fullPage: true });
const NAMES = ["李明远", "王秀兰", "赵国庆", "周海涛"];

async function atDesk(options) {
  const page = await fresh(options);
  await page.goto("/desk/sign-in");
  await page.locator("input[name=name]").fill("desk");
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.locator("main button").click();
  await page.waitForURL("**/desk");
  return page;
}

async function competition(names = NAMES) {
  const page = { name: "市赛", skill: "焊工", rule_set: "enterprise-drill", competitors: names.map((name, at) => `${name}，${at + 1}分厂`).join("\n"), judges: "马建华\n胡爱民", aspects: "外观，10，测量", organisation: "" };
  const { competition: { id } } = await ask("POST", "/api/competitions/small", page);
  await ask("PATCH", `/api/competitions/${id}`, { is_public: true });
  const { skills: [{ skill }] } = await ask("GET", `/api/competitions/${id}`);
  return { id, skill: skill.id };
}

async function fits(page, name) {
  const width = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(width <= 0, `${name} is ${width} px too wide`);
}

async function press(page, name) {
  await page.locator("summary", { hasText: name }).click();
  await page.locator("details[open] button", { hasText: name }).click();
}

test("three layers are made, printed, sealed and opened by two, and anybody repeats them", async () => {
  const { id, skill } = await competition();
  const desk = await atDesk({ size: { width: 1280, height: 900 } });
  const at = `/desk/competition/${id}/draw`;
  await desk.goto(at);
  await audit(desk, "no draw yet");
  await shot(desk, "draw-none");
  await desk.locator("[name=layers]").selectOption("3");
  await desk.locator("[name=source]").fill("双色球第 2026138 期开奖号码");
  await desk.getByRole("button", { name: "开始抽签" }).click();
  const registrars = [];
  for (const [who, options] of [["编甲", { size: PHONE }], ["编乙", { size: TABLET, theme: "dark" }], ["编丙", { size: PHONE, language: "en" }]]) {
    registrars.push(await joined(desk, who, "registrar", id, options));
  }
  const witness = await joined(desk, "监督丁", "supervisor", id, { size: TABLET });
  for (const [layer, page] of registrars.entries()) {
    await page.goto(at);
    if (layer === 0) await shot(page, "draw-commit-phone");
    await page.getByRole("button", { name: /我来做这一层|I make this layer/ }).first().click();
    await page.getByText(/（您）|\(you\)/).waitFor();
    await audit(page, `layer ${layer + 1} is committed to`);
    await fits(page, `layer ${layer + 1}`);
  }
  await desk.goto(at);
  await shot(desk, "draw-committed");
  // Empty is refused in words by the browser; a blank one by the server, and nothing is drawn.
  await desk.locator("[name=seed]").fill("03 08 12 19 25 31 + 07");
  await desk.getByRole("button", { name: "填入种子并抽签" }).click();
  await desk.getByText("已抽签，还有没封存的层。").waitFor();
  await audit(desk, "drawn");
  await shot(desk, "draw-drawn");

  // The public page repeats nothing that is not told.
  const anybody = await fresh({ size: PHONE });
  await anybody.goto(`/competition/${id}`);
  await anybody.getByRole("link", { name: "抽签（可重算）" }).click();
  await anybody.getByText("编码尚未公开").first().waitFor();
  await audit(anybody, "a draw that is not told, in public");
  await fits(anybody, "the public page");
  await shot(anybody, "draw-public-sealed-phone");

  const slips = [];
  for (const [layer, page] of registrars.entries()) {
    await page.goto(at);
    await page.getByRole("link", { name: /打印本层的编码|Print this layer/ }).click();
    await page.locator(".layer-cards .judge-card").nth(3).waitFor();
    await audit(page, `the cards of layer ${layer + 1}`);
    await fits(page, "cards");
    await shot(page, `draw-cards-${layer + 1}`);
    const text = await page.locator("main").innerText();
    assert.equal(NAMES.every((name) => text.includes(name)), layer === 0, "the outermost layer alone has names");
    await page.goto(at);
    await press(page, /封存本层|Seal this layer/);
    slips.push(await page.locator(".slip .words").allInnerTexts());
    await audit(page, "slips");
    await fits(page, "slips");
    await shot(page, `draw-slips-${layer + 1}`);
    await page.getByRole("button", { name: /三张都在纸上了，封存|All three are on paper/ }).click();
    await page.getByText(/已封存，凭封条打开|sealed under its slips/).first().waitFor();
  }
  await desk.goto(`/desk/competition/${id}`);
  await press(desk, "开放评分");
  await desk.locator(".status.in-progress").waitFor();
  await ask("POST", `/api/skills/${skill}/act`, { act: "close" });

  const order = [[registrars[2], 3], [registrars[1], 2], [registrars[0], 1]];
  for (const [page, layer] of order) {
    const [mine, theirs] = slips[layer - 1];
    await page.goto(at);
    await page.locator("[name=words]").fill(mine);
    await page.getByRole("button", { name: /^打开第|^Open layer/ }).click();
    await page.getByText(/由见证人|a witness of the supervision/).waitFor();
    if (layer === 3) await shot(page, "draw-waits-for-witness");
    await witness.goto(at);
    if (layer === 3) {
      // A slip of another layer opens nothing, and says so.
      await witness.locator("[name=words]").fill(slips[0][1]);
      await witness.getByRole("button", { name: /见证并打开/ }).click();
      await witness.locator(".wrong", { hasText: "打不开" }).waitFor();
      await audit(witness, "two slips that do not fit");
      await page.goto(at);
      await page.locator("[name=words]").fill(mine);
      await page.getByRole("button", { name: /^Open layer/ }).click();
      await page.getByText(/a witness of the supervision/).waitFor();
      await witness.goto(at);
      await shot(witness, "draw-witness");
    }
    await witness.locator("[name=words]").fill(theirs.toLowerCase());
    await witness.getByRole("button", { name: /见证并打开/ }).click();
    await witness.getByText(`已在 1/1 个赛项解密`).nth(3 - layer).waitFor();
  }
  await witness.getByText("各层都已解密；成绩发布后").waitFor();
  await audit(witness, "everything is open");
  await shot(witness, "draw-opened");
});

test("a public draw is told at once, and repeated in the browser; a changed one is found", async () => {
  // Of so many, another seed gives nobody the same order by chance.
  const { id } = await competition(Array.from({ length: 12 }, (_, at) => `选手${at + 1}`));
  const desk = await atDesk({ size: TABLET });
  await desk.goto(`/desk/competition/${id}/draw`);
  await desk.locator("[name=source]").fill("双色球第 2026138 期开奖号码");
  await desk.getByRole("button", { name: "开始抽签" }).click();
  await desk.getByRole("button", { name: /我来做这一层/ }).click();
  await desk.locator("[name=seed]").fill("03 08 12 19 25 31 + 07");
  await desk.getByRole("button", { name: "填入种子并抽签" }).click();
  await desk.getByText("已抽签，结果已公布").waitFor();
  await shot(desk, "draw-public-desk");
  for (const [size, language, theme] of [[HALL, "zh-CN", "light"], [PHONE, "en", "dark"], [TABLET, "zh-CN", "dark"]]) {
    const page = await fresh({ size, language, theme });
    await page.goto(`/competition/${id}/draw`);
    await page.locator(".verdict[data-state=fine]").waitFor();
    await audit(page, `a draw in public, ${language}, ${theme}`);
    await fits(page, "a draw in public");
    await shot(page, `draw-public-${size.width}-${language}-${theme}`);
  }
  // Whoever sits between and changes the seed is found out.
  const page = await fresh({ size: PHONE });
  await page.route(`**/competition/${id}/draw`, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: (await answer.text()).replaceAll("+ 07", "+ 08") });
  });
  await page.goto(`/competition/${id}/draw`);
  await page.locator(".verdict[data-state=missing]").waitFor();
  await shot(page, "draw-public-wrong");

  // Thrown away by two, with a reason that stays.
  await desk.locator("summary", { hasText: "作废这次抽签" }).click();
  await desk.locator("details[open] [name=reason]").fill("名单漏了一人");
  await desk.locator("details[open] button", { hasText: "作废这次抽签" }).click();
  await desk.getByText("理由：名单漏了一人").waitFor();
  await audit(desk, "a draw that somebody wants thrown away");
  const second = await joined(desk, "监督戊", "supervisor", id, { size: TABLET });
  await second.goto(`/desk/competition/${id}/draw`);
  await press(second, "确认作废");
  await second.locator("summary", { hasText: "已作废" }).waitFor();
  await desk.goto(`/desk/competition/${id}/draw`);
  await desk.getByRole("button", { name: "开始抽签" }).waitFor();
  await shot(desk, "draw-thrown");
});
