// One's own account at the real program: the second factor from the first scan to the lost phone, a password
// changed, a session ended elsewhere, and an administrator who lets somebody in again.
import assert from "node:assert/strict";
import { test } from "node:test";
import { HALL, PASSWORD, PHONE, TABLET, audit, fresh } from "./chief-hall.mjs";
import { codeIn, setFactorAt } from "./factor.mjs";

const shot = (page, name) => process.env.LEITAI_SHOTS && page.screenshot({ path: `${process.env.LEITAI_SHOTS}/${name}.png`, fullPage: true });

async function give(page, name, password = PASSWORD) {
  await page.goto("/desk/sign-in");
  await page.locator("input[name=name]").fill(name);
  await page.locator("input[name=password]").fill(password);
  await page.locator("main button").click();
}

// Somebody new, by an invitation of the first account's.
async function joined(name, options) {
  const desk = await fresh({ size: TABLET });
  await give(desk, "desk");
  await desk.goto("/desk/people");
  await desk.locator("[name=whom]").fill(name);
  await desk.locator("[name=role]").selectOption("organiser");
  await desk.locator("[name=scope]").selectOption("everything");
  await desk.getByRole("button", { name: "建立邀请" }).click();
  const link = new URL(await desk.locator(".invitation input").inputValue());
  const page = await fresh(options);
  await page.goto(link.pathname + link.hash);
  await page.locator("form[action='/join'] [name=name]").fill(name);
  await page.locator("form[action='/join'] [name=password]").fill(PASSWORD);
  await page.locator("form[action='/join'] button").click();
  await page.waitForURL("**/desk");
  return { desk, page };
}

test("a second factor is set up on a phone, asked for at the door, and a recovery code stands in for the phone", async () => {
  const { page } = await joined("王老师", { size: PHONE });
  await page.locator(".desk-top a", { hasText: "王老师" }).click();
  await page.locator("h1", { hasText: "我的账号" }).waitFor();
  await audit(page, "one's own account");
  await shot(page, "account-phone");
  await page.locator("form[action='/desk/me/factor'] [name=password]").fill(PASSWORD);
  await page.locator("form[action='/desk/me/factor'] button").click();
  await page.locator(".setting-up .qr").waitFor();
  await audit(page, "a second factor that is being set up");
  await shot(page, "factor-phone");
  // A slip of the finger: the code stays there to be scanned, and the words say what to do.
  await page.locator("form[action='/desk/me/factor/confirm'] [name=code]").fill("000000");
  await page.locator("form[action='/desk/me/factor/confirm'] button").click();
  await page.locator(".wrong", { hasText: "等手机显示下一个" }).waitFor();
  await page.goto("/desk/me");
  const { secret, codes } = await setFactorAt(page);
  assert.equal(codes.length, 8);
  await audit(page, "recovery codes");
  await shot(page, "recovery-phone");

  const door = await fresh({ size: PHONE, language: "en", theme: "dark" });
  await give(door, "王老师");
  await door.locator("h1", { hasText: "One code more" }).waitFor();
  await audit(door, "the second half of the door");
  await shot(door, "code-phone-en-dark");
  assert.equal(await door.evaluate(() => document.activeElement.name), "code", "one types at once");
  await door.keyboard.type("123 456");
  await door.keyboard.press("Enter");
  await door.locator(".wrong").waitFor();
  await door.locator("[name=code]").fill(codeIn(secret, 1));
  await door.keyboard.press("Enter");
  await door.waitForURL("**/desk");
  const lost = await fresh({ size: TABLET });
  await give(lost, "王老师");
  await lost.locator("[name=code]").fill(codes[3].toLowerCase());
  await lost.keyboard.press("Enter");
  await lost.waitForURL("**/desk");
  await lost.goto("/desk/me");
  await lost.getByText("恢复码还有 7 个没用").waitFor();
  await lost.locator("section[aria-labelledby=history]", { hasText: "用了一个恢复码" }).waitFor();
  await shot(lost, "account-tablet");
  const wide = await fresh({ size: HALL, language: "en", theme: "dark" });
  await wide.context().addCookies(await door.context().cookies());
  await wide.goto("/desk/me");
  await audit(wide, "one's own account in English and dark");
  await shot(wide, "account-hall-en-dark");
});

test("whoever sees a strange device signs it out and changes the password", async () => {
  const { page } = await joined("李老师", { size: TABLET });
  const strange = await fresh({ size: PHONE });
  await give(strange, "李老师");
  await strange.waitForURL("**/desk");
  await page.goto("/desk/me");
  const rows = page.locator("section[aria-labelledby=sessions] tbody tr");
  assert.equal(await rows.count(), 2);
  assert.equal(await rows.filter({ hasText: "Chrome · Linux" }).count(), 2);
  await rows.filter({ hasNotText: "就是这里" }).getByRole("button").click();
  await page.waitForFunction(() => document.querySelectorAll("section[aria-labelledby=sessions] tbody tr").length === 1);
  await page.locator("[name=old]").fill(PASSWORD);
  await page.locator("[name=new]").fill("another good password");
  await page.locator("form[action='/desk/me/password'] button").click();
  await page.locator(".note[role=status]", { hasText: "密码已改" }).waitFor();
  await page.waitForTimeout(2_100);
  await strange.goto("/desk");
  await strange.waitForURL("**/desk/sign-in");
  await give(strange, "李老师");
  await strange.getByRole("alert").waitFor();
});

test("an administrator gives a link to a new password, and ends an account", async () => {
  const { desk, page } = await joined("赵老师", { size: PHONE });
  await desk.goto("/desk/people");
  const row = desk.locator("section[aria-labelledby=accounts] tr", { hasText: "赵老师" });
  await row.locator("summary", { hasText: "重设密码" }).click();
  await shot(desk, "accounts-tablet");
  await row.locator("details[open] button").click();
  const link = new URL(await desk.locator(".invitation input").inputValue());
  await audit(desk, "a link to a new password");
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto("about:blank");
  await page.goto(link.pathname + link.hash);
  await page.waitForFunction(() => location.hash === "");
  await audit(page, "the door of a new password");
  await shot(page, "password-phone");
  await page.locator("[name=password]").fill("the newest password");
  await page.locator("form[action='/password'] button").click();
  await page.waitForURL("**/desk");
  assert.ok(asked.every((url) => !url.includes(link.hash.slice(1))), "no address tells the secret");
  await desk.goto("/desk/people");
  await row.locator("summary", { hasText: "停用账号" }).click();
  await row.locator("details[open] button").click();
  await row.waitFor({ state: "detached" });
  await page.waitForTimeout(2_100);
  await page.goto("/desk");
  await page.waitForURL("**/desk/sign-in");
});
