// Registration at the real program: an organiser sets the terms and the delegations, a registrar enters people on a
// phone, the organiser approves and gives back, somebody is replaced; by keyboard, in English and in the dark.
import assert from "node:assert/strict";
import { test } from "node:test";
import { HALL, PASSWORD, PHONE, TABLET, audit, fresh } from "./chief-hall.mjs";

const shot = (page, name) => process.env.LEITAI_SHOTS && page.screenshot({ path: `${process.env.LEITAI_SHOTS}/${name}.png`, fullPage: true });

// A made-up resident number with its right check character.
function number(region, born, serial) {
  const first = `${region}${born}${String(serial).padStart(3, "0")}`;
  const sum = [...first].reduce((sum, digit, at) => sum + digit * [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2][at], 0);
  return first + "10X98765432"[sum % 11];
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

async function fill(page, fields) {
  for (const [name, value] of Object.entries(fields)) {
    const field = page.locator(`.of-person [name=${name}]`);
    if (value === true) await field.check();
    else if (await field.evaluate((one) => one.tagName === "SELECT")) await field.selectOption({ label: value });
    else await field.fill(value);
  }
}

test("a delegation enters its people on a phone, and the organiser approves them", async () => {
  const page = await atDesk({ size: TABLET });
  // An organisation, and a competition with two skills.
  await page.goto("/desk/people");
  const add = page.locator("form[action='/desk/organisations']");
  await add.locator("[name=name]").fill("石家庄市");
  await add.locator("[name=kind]").selectOption({ label: "市" });
  await add.locator("button").click();
  await page.goto("/desk");
  await page.locator("form[action^='/desk/new'] [name=name]").fill("第三届省职业技能大赛");
  await page.locator("form[action^='/desk/new'] [name=from]").fill("2027-05-09");
  await page.locator("form[action^='/desk/new'] button").click();
  await page.locator("textarea[name=skills]").fill("01，焊接，Welding\n02，车工，Turning");
  await page.locator("form:has(textarea[name=skills]) button").click();
  await page.getByRole("link", { name: "报名", exact: true }).click();
  await page.locator("h1", { hasText: "报名" }).waitFor();
  await audit(page, "no delegations yet");
  await shot(page, "registration-empty");
  await page.locator("textarea[name=delegations]").fill("石家庄市\n唐山市，Tangshan");
  await page.locator("form:has(textarea[name=delegations]) button").click();
  await page.locator(".delegation-list tr", { hasText: "石家庄市" }).locator("td", { hasText: "石家庄市" }).first().waitFor();

  // The terms: what is wrong is said, and what was typed stays.
  await page.getByRole("link", { name: "报名条件" }).click();
  await page.locator("[name=opens]").fill("2026-01-02");
  await page.locator("[name=closes]").fill("2026-01-01");
  await page.locator("[name=employments]").fill("职工、学生");
  await page.locator("[name=regions]").fill("13");
  await page.locator("section[aria-labelledby=every] [name=quota]").fill("2");
  await page.locator("section[aria-labelledby=every] [name=level]").selectOption({ label: "高级工" });
  await page.getByRole("button", { name: "保存" }).click();
  await page.locator(".wrong", { hasText: "开始日期晚于截止日期" }).waitFor();
  assert.equal(await page.locator("[name=regions]").inputValue(), "13");
  await page.locator("[name=closes]").fill("2199-01-01");
  await page.locator("details", { hasText: "02 车工" }).locator("summary").click();
  await page.locator("details", { hasText: "02 车工" }).getByLabel(/另有规定/).check();
  await audit(page, "the terms");
  await shot(page, "registration-terms");
  await page.getByRole("button", { name: "保存" }).click();
  await page.locator(".note.done", { hasText: "已保存" }).waitFor();

  // A registrar is invited, and is where their work is.
  await page.goto("/desk/people");
  await page.locator("[name=whom]").fill("孙老师");
  await page.locator("[name=role]").selectOption({ label: "报名员" });
  await page.locator("[name=scope]").selectOption({ label: "石家庄市" });
  await page.getByRole("button", { name: "建立邀请" }).click();
  const link = new URL(await page.locator(".invitation input").inputValue());
  const phone = await fresh({ size: PHONE });
  await phone.goto(link.pathname + link.hash);
  await phone.locator("form[action='/join'] [name=name]").fill("孙老师");
  await phone.locator("form[action='/join'] [name=password]").fill(PASSWORD);
  await phone.locator("form[action='/join'] button").click();
  await phone.waitForURL("**/desk/delegations");
  await audit(phone, "a registrar's competitions");
  await phone.getByRole("link", { name: "第三届省职业技能大赛" }).click();
  await phone.locator(".of-skills", { hasText: "0 / 2" }).waitFor();
  await audit(phone, "nobody entered yet");
  await shot(phone, "registration-own-empty");

  // What keeps somebody is said at once, and loses nothing.
  await phone.getByRole("link", { name: "报名: 01 焊接" }).click();
  const minor = { name: "李小", id_number: number("110101", "20100307", 1), organisation: "一技校", employment: "学生" };
  await fill(phone, minor);
  await phone.getByRole("button", { name: "报送" }).click();
  const wrong = phone.locator(".wrong");
  for (const words of ["以 11 开头", "只有 17 岁", "没有写技能等级"]) await wrong.filter({ hasText: words }).waitFor();
  assert.equal(await phone.locator("[name=name]").inputValue(), "李小");
  await audit(phone, "refused with why");
  await shot(phone, "registration-refused");
  await fill(phone, { level: "高级工", residence: true, guardian: "李建国，父亲", consent: true });
  await phone.getByRole("button", { name: "报送" }).click();
  await phone.locator("h1", { hasText: "李小" }).waitFor();
  await audit(phone, "somebody who is entered");
  await shot(phone, "registration-person");
  assert.ok(!(await phone.content()).includes(minor.id_number), "the number is masked");
  await phone.getByRole("link", { name: "打印监护人同意书" }).click();
  await phone.locator(".consent", { hasText: "本人是 李小 的监护人" }).waitFor();
  await shot(phone, "registration-consent");
  await phone.goBack();
  await phone.getByRole("link", { name: "回到名单" }).click();
  await phone.getByRole("link", { name: "报一名选手" }).click();
  await fill(phone, { skill: "01 焊接（1/2）", name: "张三", id_number: number("130102", "19900307", 2), organisation: "一厂", employment: "职工", level: "技师" });
  await phone.getByRole("button", { name: "报送" }).click();
  await phone.locator("h1", { hasText: "张三" }).waitFor();

  // The organiser gives one back and approves both by keyboard.
  await page.goto("/desk");
  await page.getByRole("link", { name: /第三届省职业技能大赛/ }).first().click();
  await page.getByRole("link", { name: "报名", exact: true }).click();
  await page.locator(".registrations tr", { hasText: "张三" }).waitFor();
  await audit(page, "two wait");
  await shot(page, "registration-waiting");
  await page.getByRole("link", { name: "张三" }).click();
  await page.locator("summary", { hasText: "退回修改" }).click();
  await page.locator("form[action$='/give-back'] [name=why]").fill("单位写全称");
  await page.locator("form[action$='/give-back'] button").click();
  await page.locator(".state", { hasText: "退回修改" }).waitFor();
  await phone.reload();
  await phone.locator("li", { hasText: "单位写全称" }).waitFor();
  await phone.locator(".of-person [name=organisation]").fill("石家庄第一机械厂");
  await phone.getByRole("button", { name: "报送" }).click();
  await phone.locator(".state", { hasText: "待审核" }).waitFor();
  await page.getByRole("link", { name: "回到名单" }).click();
  await page.getByRole("link", { name: "回到报名" }).click();
  await page.goto(`${page.url()}?state=waiting`);
  for (const who of ["李小", "张三"]) {
    await page.getByLabel(`选: ${who}`).focus();
    await page.keyboard.press("Space");
  }
  await page.getByRole("button", { name: "通过选中的" }).focus();
  await page.keyboard.press("Enter");
  await page.locator(".note.done", { hasText: "已通过 2 人" }).waitFor();
  await shot(page, "registration-approved");

  // Replaced by the delegation: who was there stays to be seen.
  await phone.goto("/desk/delegations");
  await phone.getByRole("link", { name: "第三届省职业技能大赛" }).click();
  await phone.getByRole("link", { name: "张三" }).click();
  await phone.getByRole("link", { name: "换人替补" }).click();
  await phone.locator("h1", { hasText: "替补 张三" }).waitFor();
  await fill(phone, { name: "周八", id_number: number("130102", "19930307", 3), employment: "职工", level: "高级技师" });
  await phone.getByRole("button", { name: "报送" }).click();
  await phone.locator(".how", { hasText: "替补" }).waitFor();
  await page.goto(page.url().replace(/[?].*/, ""));
  await page.getByRole("link", { name: "周八" }).click();
  await page.getByRole("button", { name: "通过", exact: true }).click();
  await page.locator(".how", { hasText: "选手编号" }).waitFor();
  await page.getByRole("link", { name: "张三" }).click();
  await page.locator(".state", { hasText: "已被替补" }).waitFor();
  await page.locator(".how a", { hasText: "周八" }).waitFor();
  await audit(page, "somebody who was replaced");
  await shot(page, "registration-replaced");
});

test("registration is whole in English, in the dark, in a hall and without a script", async () => {
  const page = await atDesk({ size: HALL, language: "en-GB", theme: "dark" });
  await page.getByRole("link", { name: /第三届省职业技能大赛/ }).first().click();
  await page.getByRole("link", { name: "Registration", exact: true }).click();
  await page.locator("h1", { hasText: "Registration" }).waitFor();
  assert.doesNotMatch(await page.locator("main h2, main th[scope=col], main button").allInnerTexts().then((all) => all.join(" ")), /[一-龥]/);
  await audit(page, "registration in English");
  await shot(page, "registration-en-dark");
  await page.getByRole("link", { name: "Terms" }).click();
  await audit(page, "the terms in English");
  await shot(page, "registration-terms-en-dark");
  await page.goBack();
  await page.getByRole("link", { name: "周八" }).click();
  await page.locator("h2", { hasText: "What was done" }).waitFor();
  await audit(page, "a person in English");
  await shot(page, "registration-person-en-dark");
  const plain = await atDesk({ size: PHONE, script: false });
  await plain.getByRole("link", { name: /第三届省职业技能大赛/ }).first().click();
  await plain.getByRole("link", { name: "报名", exact: true }).click();
  await plain.goto(`${plain.url()}?state=replaced`);
  await plain.locator("[role=search] [name=find]").fill("张三");
  await plain.getByRole("button", { name: "查找" }).click();
  await plain.locator("[role=status]", { hasText: "找到 1 人" }).waitFor();
  await shot(plain, "registration-phone");
});
