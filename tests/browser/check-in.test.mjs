// The registration desk at the real program: a phone that scans an entry card, from the door to the next one; the
// list on a tablet; the cards on paper.
import assert from "node:assert/strict";
import { test } from "node:test";
import { HALL, PASSWORD, PHONE, TABLET, ask, audit, fresh, joined, served } from "./chief-hall.mjs";

const shot = (page, name) => process.env.LEITAI_SHOTS && page.screenshot({ path: `${process.env.LEITAI_SHOTS}/${name}.png`, fullPage: true });
const NAMES = ["李明远", "王秀兰", "赵国庆", "周海涛", "吴晓燕", "欧阳建国", "阿卜杜热合曼·买买提", "徐文博", "黄志强"];
const TEAMS = ["石家庄市代表队", "保定市代表队"];

async function competition() {
  const competitors = NAMES.map((name, at) => `${name}，河北钢铁集团第${at + 1}分厂，${TEAMS[at === 1 ? 1 : 0]}`).join("\n");
  const page = { name: "河北省职工职业技能大赛", skill: "焊工", rule_set: "enterprise-drill", competitors, judges: "马建华\n胡爱民", aspects: "外观，10，测量", organisation: "" };
  const { competition: { id } } = await ask("POST", "/api/competitions/small", page);
  return id;
}

async function atDesk(options) {
  const page = await fresh(options);
  await page.goto("/desk/sign-in");
  await page.locator("input[name=name]").fill("desk");
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.locator("main button").click();
  await page.waitForURL("**/desk");
  return page;
}

async function fits(page, name) {
  const width = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(width <= 0, `${name} is ${width} px too wide`);
}

// The addresses that the QR codes of the cards hold, by name.
async function scanned(page, id) {
  await page.goto(`/desk/competition/${id}/check-in`);
  const links = await page.$$eval(".check-in-list th a", (links) => links.map((link) => [link.textContent, link.getAttribute("href")]));
  return Object.fromEntries(links);
}

test("a phone that scans a card signs in, notes who is here, and can take it back", async () => {
  const id = await competition();
  const desk = await atDesk({ size: TABLET });
  const cards = await scanned(desk, id);
  await (await joined(desk, "陈师傅", "floor_judge", id, { size: PHONE })).context().close();
  for (const [who, language, theme] of [["李明远", "zh-CN", "light"], ["阿卜杜热合曼·买买提", "en", "dark"]]) {
    const say = (chinese, english) => (language === "en" ? english : chinese);
    const phone = await fresh({ size: PHONE, language, theme });
    const name = `${language}-${theme}`;
    await phone.goto(cards[who]);
    await phone.waitForURL("**?again");
    await audit(phone, "the door before a card");
    await fits(phone, "the door");
    await shot(phone, `check-in-door-${name}`);
    await phone.locator("input[name=name]").fill("陈师傅");
    await phone.locator("input[name=password]").fill("wrong wrong wrong");
    await phone.locator("main button").click();
    await phone.locator(".wrong").waitFor();
    await phone.locator("input[name=password]").fill(PASSWORD);
    await phone.locator("main button").click();
    await phone.waitForURL(`**${cards[who]}`);
    await phone.getByRole("heading", { name: who }).waitFor();
    await audit(phone, "somebody who is not here yet");
    await fits(phone, "somebody who is not here yet");
    await shot(phone, `check-in-missing-${name}`);
    const button = phone.getByRole("button", { name: say("报到", "Here"), exact: true });
    const { height, y } = await button.boundingBox();
    assert.ok(height >= 90 && y + height <= PHONE.height, "the button is large, and seen without scrolling");
    await button.click();
    await phone.getByRole("status").getByText(say("登记好了：已报到", "Noted: here")).waitFor();
    await audit(phone, "somebody who is here");
    await fits(phone, "somebody who is here");
    await shot(phone, `check-in-here-${name}`);
    // What a camera opens comes from another program: the session's cookies are with it all the same.
    await phone.goto("about:blank");
    await phone.goto(cards[who]);
    await phone.getByText(say("，陈师傅 登记", "noted by 陈师傅")).waitFor();
    await phone.locator("summary", { hasText: say("撤销报到", "Take it back") }).click();
    await audit(phone, "about to take it back");
    await phone.locator("details[open] button").click();
    await phone.getByText(say("报到已撤销。", "The check-in was taken back.")).waitFor();
    await phone.getByText(say("陈师傅 撤销", "taken back by 陈师傅")).waitFor();
    await audit(phone, "taken back");
    await shot(phone, `check-in-undone-${name}`);
    // Another desk was quicker meanwhile.
    await desk.goto(cards[who]);
    await desk.getByRole("button", { name: "报到", exact: true }).click();
    await desk.getByText("登记好了：已报到").waitFor();
    await button.click();
    await phone.getByRole("alert").getByText(say("desk 已在", "by desk; nothing was noted twice")).waitFor();
    await phone.getByText(say("，desk 登记", "noted by desk")).waitFor();
    await audit(phone, "somebody else was quicker");
    await shot(phone, `check-in-second-${name}`);
    await phone.getByRole("link", { name: say("查找下一位", "Look for the next one") }).click();
    await phone.locator("input[name=find]").waitFor();
    await audit(phone, "the list on a phone");
    await shot(phone, `check-in-list-phone-${name}`);
    await fits(phone, "the list on a phone");
    await phone.goto(`${cards[who]}X`);
    await phone.locator(".wrong", { hasText: say("没有编号", "has number") }).waitFor();
    await audit(phone, "a card of nobody");
    await shot(phone, `check-in-nobody-${name}`);
    await phone.getByRole("link", { name: say("返回", "Back") }).click();
    await phone.locator("input[name=find]").waitFor();
  }
});

test("what another program opens is asked for once more, with the session", async () => {
  const id = await competition();
  const phone = await atDesk({ size: PHONE });
  const cards = await scanned(phone, id);
  // Another site's link is as foreign as a camera: what it opens comes without the session's cookies.
  await phone.route("http://camera.example/**", (route) => route.fulfill({ contentType: "text/html", body: `<a href="${served.base}${cards["李明远"]}">scan</a>` }));
  const asked = [];
  phone.on("response", (response) => response.url().includes("/check-in/") && asked.push(response.status()));
  await phone.goto("http://camera.example/");
  await phone.getByText("scan").click();
  await phone.getByRole("heading", { name: "李明远" }).waitFor();
  assert.deepEqual(asked, [401, 200]);
});

test("the list on a tablet finds, filters and notes, and keeps what was looked for", async () => {
  const id = await competition();
  for (const [language, theme, size] of [["zh-CN", "light", TABLET], ["en", "dark", TABLET], ["zh-CN", "dark", HALL]]) {
    const say = (chinese, english) => (language === "en" ? english : chinese);
    const page = await atDesk({ size, language, theme });
    const name = `${size.width}-${language}-${theme}`;
    await page.goto(`/desk/competition/${id}`);
    await page.getByRole("link", { name: say("报到", "Check-in"), exact: true }).click();
    await page.locator(".check-in-list tbody tr").nth(8).waitFor();
    await audit(page, `the list, ${name}`);
    await fits(page, `the list, ${name}`);
    await shot(page, `check-in-list-${name}`);
    await page.locator("[name=find]").fill("王秀");
    await page.keyboard.press("Enter");
    await page.waitForURL("**find=*");
    assert.equal(await page.locator(".check-in-list tbody tr").count(), 1);
    await page.locator(".check-in-list button").click();
    const told = page.locator(".note.arrived", { hasText: "王秀兰" });
    await told.waitFor();
    assert.equal(await page.locator("[name=find]").inputValue(), "王秀", "what was looked for is kept");
    await audit(page, `noted from the list, ${name}`);
    await shot(page, `check-in-list-noted-${name}`);
    await page.locator("[name=find]").fill("");
    await page.locator("[name=delegation]").selectOption("保定市代表队");
    await page.locator("[name=state]").selectOption("here");
    await page.keyboard.press("Tab");
    await page.getByRole("button", { name: say("查找", "Find") }).click();
    await page.waitForURL("**state=here*");
    assert.deepEqual(await page.locator(".check-in-list th a").allInnerTexts(), ["王秀兰"]);
    await page.goto(`/desk/competition/${id}/check-in?find=王秀兰`);
    await page.locator(".check-in-list a").click();
    await page.locator("summary", { hasText: say("撤销报到", "Take it back") }).click();
    await page.locator("details[open] button").click();
    await page.getByText(say("还没报到", "Not here yet")).waitFor();
    await page.context().close();
  }
});

test("entry cards are printed eight on a sheet, each delegation from a new one", async () => {
  const id = await competition();
  for (const [language, theme, size] of [["zh-CN", "light", TABLET], ["en", "dark", PHONE]]) {
    const page = await atDesk({ size, language, theme });
    await page.goto(`/desk/competition/${id}/check-in/cards`);
    await page.locator(".entry-card").nth(8).waitFor();
    await audit(page, `entry cards, ${language}`);
    await fits(page, `entry cards, ${language}`);
    await shot(page, `check-in-cards-${language}`);
    const path = process.env.LEITAI_SHOTS && `${process.env.LEITAI_SHOTS}/check-in-cards-${language}.pdf`;
    const pdf = await page.pdf({ preferCSSPageSize: true, ...(path && { path }) });
    const sheets = pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g).length;
    assert.equal(sheets, 2, "a delegation of eight, and one of one");
    await page.goto(`/desk/competition/${id}/check-in?state=missing`);
    if (path) await page.pdf({ preferCSSPageSize: true, path: path.replace("cards", "missing") });
  }
});
