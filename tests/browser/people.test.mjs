// Organisations, people and roles at the real program: an organiser adds an organisation and invites a
// foreman, who takes the link up on a phone and is at their drills; what a role does not allow is not offered.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD, PHONE, TABLET, audit, fresh } from "./chief-hall.mjs";

const shot = (page, name) => process.env.LEITAI_SHOTS && page.screenshot({ path: `${process.env.LEITAI_SHOTS}/${name}.png`, fullPage: true });

async function atPeople(options) {
  const page = await fresh(options);
  await page.goto("/desk/sign-in");
  await page.locator("input[name=name]").fill("desk");
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.locator("main button").click();
  await page.getByRole("link", { name: /机构和人员|Organisations and people/ }).click();
  await page.locator("h1", { hasText: /机构和人员|Organisations and people/ }).waitFor();
  return page;
}

test("a foreman takes an invitation up on a phone, and is at the drills of the works", async () => {
  const page = await atPeople({ size: TABLET });
  await audit(page, "no organisation yet");
  const tree = page.locator("section[aria-labelledby=organisations]");
  const add = async (name, kind, parent) => {
    const form = tree.locator("form[action='/desk/organisations']");
    await form.locator("[name=name]").fill(name);
    await form.locator("[name=kind]").selectOption({ label: kind });
    if (parent) await form.locator("[name=parent]").selectOption({ label: parent });
    await form.locator("button").click();
    await tree.locator(".tree strong", { hasText: name }).waitFor();
  };
  await add("石家庄市总工会", "市");
  await add("焊接厂", "企业", "石家庄市总工会");
  // A ring is refused in words, and what was there stays.
  const city = tree.locator("li[data-depth='0']", { hasText: "石家庄市总工会" });
  await city.locator("summary").click();
  await city.locator("[name=parent]").selectOption({ label: "　焊接厂" });
  await city.getByRole("button", { name: "保存" }).click();
  await page.locator(".wrong", { hasText: "在它自己下面" }).waitFor();
  await page.goto("/desk/people");
  assert.equal(await tree.locator(".tree li").count(), 2);
  await page.locator("[name=whom]").fill("陈师傅");
  await page.locator("[name=role]").selectOption({ label: "班组长" });
  await page.locator("[name=scope]").selectOption({ label: "焊接厂" });
  await page.getByRole("button", { name: "建立邀请" }).click();
  const link = await page.locator(".invitation input").inputValue();
  await audit(page, "an invitation that was made");
  await shot(page, "people");
  // The secret is behind the #: no server is told it in an address.
  assert.match(link, /\/join#[0-9a-f]{32}$/);
  const phone = await fresh({ size: PHONE });
  const asked = [];
  phone.on("request", (request) => asked.push(request.url()));
  await phone.goto(new URL(link).pathname + new URL(link).hash);
  await phone.waitForFunction(() => location.hash === "");
  await audit(phone, "the door of an invitation");
  await shot(phone, "join");
  await phone.locator("form[action='/join'] [name=name]").fill("陈师傅");
  await phone.locator("form[action='/join'] [name=password]").fill(PASSWORD);
  await phone.locator("form[action='/join'] button").click();
  await phone.getByRole("link", { name: "开始练兵" }).waitFor();
  assert.ok(asked.every((url) => !url.includes(new URL(link).hash.slice(1))));
  // What the role does not allow is neither offered nor there.
  assert.equal((await phone.goto("/api/docs")).status(), 403);
  await phone.goto("/desk/people");
  await phone.locator("td", { hasText: "班组长" }).waitFor();
  assert.equal(await phone.locator("form[action='/desk/people/invitations']").count(), 0);
  await audit(phone, "one's own roles");
  await shot(phone, "own-roles");
  // Ended at the desk, it is over on the phone within seconds.
  await page.goto("/desk/people");
  const row = page.locator("section[aria-labelledby=held] tr", { hasText: "陈师傅" });
  await row.locator("summary").click();
  await row.locator("form button").click();
  await row.waitFor({ state: "detached" });
  await phone.waitForTimeout(2_200);
  assert.equal((await phone.goto("/drill")).status(), 403);
});

test("the people's page is whole in English and in the dark, and by keyboard", async () => {
  const page = await atPeople({ size: TABLET, language: "en", theme: "dark" });
  await audit(page, "people in the dark");
  await page.locator("[name=whom]").fill("Wang");
  await page.locator("[name=role]").selectOption({ label: "Supervisor" });
  await page.keyboard.press("Tab");
  await page.locator("[name=whom]").press("Enter");
  await page.locator(".invitation").waitFor();
  await shot(page, "people-en-dark");
  const row = page.locator("section[aria-labelledby=invited] tr", { hasText: "Wang" });
  await row.getByRole("button", { name: /Take back/ }).press("Enter");
  await row.waitFor({ state: "detached" });
  await page.locator("p", { hasText: "No invitation waits." }).waitFor();
});
