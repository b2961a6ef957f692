// Promotions at the real program: a city's results lead to a province's list by a rule, with a lot for equals, a
// place given up and the reserve in it; as an organiser sees it, at every size, in both languages, light and dark.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD, PHONE, TABLET, audit, counted, fresh, joined, served } from "./chief-hall.mjs";
import { setFactorAt } from "./factor.mjs";

const shot = (page, name) => process.env.LEITAI_SHOTS && page.screenshot({ path: `${process.env.LEITAI_SHOTS}/${name}.png`, fullPage: true });
const DESK = { width: 1440, height: 900 };
const PEOPLE = [["李明远", 91], ["王秀兰", 88], ["赵国庆", 88], ["孙丽", 80], ["阿卜杜拉·买买提江", 70]];
let cookies;

// One session for all: whoever releases results has a second factor, and a code of it counts once in 30 seconds.
async function signIn(options) {
  const page = await fresh(options);
  if (cookies) {
    await page.context().addCookies(cookies);
    return page;
  }
  await page.goto("/desk/sign-in");
  await page.locator("input[name=name]").fill("desk");
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.locator("main button").click();
  await page.waitForURL("**/desk");
  await page.goto("/desk/me");
  await setFactorAt(page);
  cookies = (await page.context().cookies()).filter(({ name }) => name !== "theme");
  return page;
}

async function api(page, method, path, data) {
  const answer = await page.request.fetch(path, { method, data, headers: { origin: served.base } });
  assert.ok(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`);
  return answer.headers()["content-type"]?.includes("json") ? answer.json() : undefined;
}

// What a form sends, without its page.
async function send(page, path, form) {
  const answer = await page.request.post(path, { form, headers: { origin: served.base, accept: "text/html" }, maxRedirects: 0 });
  assert.equal(answer.status(), 303, `${path}: ${await answer.text()}`);
  return answer.headers().location;
}

const hidden = (html, name) => html.split(`name="${name}" value="`)[1].split('"')[0];

async function placed(page, name, tier, circuit, skill) {
  const at = await send(page, "/desk/new", { name, tier, circuit, rule_set: "enterprise-drill", from: "2026-12-05" });
  const id = at.split("/")[3].split("#")[0];
  await send(page, `/desk/competition/${id}/skills`, { skills: skill });
  const { skills } = await api(page, "GET", `/api/competitions/${id}`);
  return [id, skills[0].skill.id];
}

// A province's competition above a city's, whose results are released; both in one circuit.
async function ladder(page, name) {
  const circuit = (await send(page, "/desk/circuits", { name: `${name}体系`, cycle: "2026", lowest: "enterprise", highest: "nation" })).split("/")[3];
  const [above, to] = await placed(page, `${name}省赛`, "province", circuit, "01，焊接，Welding");
  const [below, from] = await placed(page, `${name}市赛`, "city", circuit, "01，焊接，Welding");
  const take = async (who, list) => {
    const html = await (await who.request.get(list)).text();
    await send(who, `${list}/take`, { columns: hidden(html, "columns"), digest: hidden(html, "digest") });
  };
  const rows = PEOPLE.map(([who], at) => `${who}\t焊接\t${at + 1}分厂\t市直`);
  await take(page, await send(page, `/desk/competition/${below}/roster/paste`, { rows: ["姓名\t赛项\t工作单位\t代表队", ...rows].join("\n") }));
  const scheme = `/desk/skill/${from}/scheme`;
  const seen = hidden(await (await page.request.get(scheme)).text(), "seen");
  await send(page, scheme, { seen, c: "A", s: "A1", s_name: "操作", a: "A1.01", description: "操作", kind: "direct", max: "100" });
  await send(page, `/desk/skill/${from}/judge-lines`, { judges: "马建华\n胡爱民\n林晓峰" });
  await api(page, "POST", `/api/skills/${from}/act`, { act: "open" });
  const typist = await joined(page, `录分员${name}`, "scorekeeper", below);
  const marks = PEOPLE.map(([who, mark]) => `${who}\t${mark}`);
  await take(typist, await send(typist, `/desk/skill/${from}/marks/paste?aspect=A1.01`, { rows: ["姓名\t成绩", ...marks].join("\n") }));
  for (const act of ["close", "release_provisional", "release_official"]) await api(page, "POST", `/api/skills/${from}/act`, { act });
  return { circuit, above, to };
}

test("from a rule to a list: a lot among equals, three confirmed, one given up and the reserve in their place", async () => {
  const page = await signIn({ size: DESK });
  const { above, circuit } = await ladder(page, "甲");
  await page.goto(`/desk/competition/${above}`);
  const by = counted();
  await by.press(page.getByRole("link", { name: "晋级" }));
  await page.locator("summary", { hasText: "统一定规则" }).click();
  await audit(page, "a competition's skills with where people come from");
  await shot(page, "promotion-overview");
  await by.press(page.getByRole("link", { name: "01 焊接" }));
  assert.ok(await page.getByRole("checkbox", { name: /甲市赛/ }).isChecked(), "the same skill below is proposed");
  await audit(page, "no rule yet");
  await shot(page, "promotion-rule");
  await by.fill(page.getByLabel("取", { exact: true }), "2");
  await by.choose(page.getByLabel("末位并列"), "draw");
  await by.fill(page.getByLabel("候补（不写没有）"), "1");
  await by.press(page.getByRole("button", { name: "保存规则" }));
  await page.getByText("并列，需抽签决定先后：").waitFor();
  await audit(page, "a lot is wanted");
  await by.press(page.locator("summary", { hasText: "抽签" }));
  await shot(page, "promotion-lot");
  await by.press(page.getByRole("button", { name: "抽签" }));
  await page.getByText("按现在的成绩 2 名晋级，2 名待确认").waitFor();
  await by.press(page.getByRole("button", { name: "确认勾选的并报名" }));
  await page.getByText("已确认 2 名。").waitFor();
  assert.ok(by.acts() <= 9, `${by.acts()} acts`);
  // Nobody has a document's number on the list below: they are registered and given back for it.
  assert.equal(await page.getByText("报名：退回修改").count(), 2);
  await audit(page, "who goes on");
  await shot(page, "promotion-list");
  const row = (name) => page.locator("tr", { has: page.locator("th", { hasText: name }) });
  await row("李明远").locator("summary").click();
  await row("李明远").getByLabel("原因").fill("出国培训");
  await row("李明远").getByRole("button", { name: "放弃" }).click();
  await page.getByText("2 名晋级，1 名待确认").waitFor();
  await page.getByRole("button", { name: "确认勾选的并报名" }).click();
  await page.getByText("递补 李明远").waitFor();
  // One's way, and the circuit's.
  await page.locator("tr", { hasText: "递补 李明远" }).locator("th a").click();
  await page.getByRole("heading", { name: "一路晋级" }).waitFor();
  await audit(page, "one person's way");
  await shot(page, "promotion-way");
  await page.goto(`/desk/circuit/${circuit}`);
  await page.getByText("由市级晋级 2 名").waitFor();
  await audit(page, "a circuit with who went up");
  await shot(page, "promotion-circuit");
});

test("promotions are readable at every size, in both languages, light and dark", async () => {
  const first = await signIn({ size: DESK });
  const { above, to } = await ladder(first, "乙");
  const at = `/desk/competition/${above}/promotions/${to}`;
  const html = await (await first.request.get(at)).text();
  const feeder = html.split('name="feeder" value="')[1].split('"')[0];
  await send(first, `${at}/rule`, { feeder, quota: "first", places: "3", ties: "all", merge: "each", reserves: "2", seen: "0" });
  for (const [size, viewport] of Object.entries({ phone: PHONE, tablet: TABLET }))
    for (const [language, theme] of [["zh-CN", "light"], ["en", "dark"]]) {
      const page = await signIn({ size: viewport, language, theme });
      const where = `${size}, ${language}, ${theme}`;
      for (const [name, path] of Object.entries({ promotions: at, overview: `/desk/competition/${above}/promotions` })) {
        await page.goto(path);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} scrolls sideways, ${where}`);
        await audit(page, `${name}, ${where}`);
        await shot(page, `${name}-${size}-${language}-${theme}`);
      }
      await page.goto(at);
      await page.locator("summary", { hasText: language === "en" ? "The rule" : "晋级规则" }).click();
      await audit(page, `the rule, ${where}`);
      await shot(page, `rule-of-advancement-${size}-${language}-${theme}`);
    }
});
