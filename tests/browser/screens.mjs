// Draws the screens of the judge's app and the chief judge's page for docs/screens, in both languages:
// `cargo xtask screens`. Each is a real page of the built program, with a competition that is marked.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { Served } from "./served.mjs";

const OUT = process.argv[2];
const TABLET = { width: 1024, height: 768 };
const PHONE = { width: 390, height: 844 };
const PASSWORD = "correct horse battery";
const served = new Served();
const secure = new Served("--tls-own");
let bearer;
let id;
let skill;

async function ask(method, path, body, type = "application/json") {
  const headers = bearer ? { authorization: `Bearer ${bearer}` } : {};
  if (body) headers["content-type"] = type;
  const answer = await fetch(served.base + path, { method, headers, body: type === "application/json" && body ? JSON.stringify(body) : body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text && answer.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text;
}

// A skill with an aspect of each kind, a panel of three, a reserve and a chief judge.
async function competition(rules = "worldskills-2026") {
  const folder = join(served.folder, `screens-${Math.random()}`);
  mkdirSync(join(folder, "skills/welding"), { recursive: true });
  const put = (name, ...lines) => writeFileSync(join(folder, name), `${lines.join("\n")}\n`);
  put("competition.toml", 'edition = "2026"', 'tier = "city"', 'host = "市总工会"', 'dates = ["2026-05-09"]', `rule_set = "${rules}"`, 'language = "zh"', "[name]", 'zh = "职工职业技能竞赛"', 'en = "Workers\' Skills Competition"');
  put("skills/welding/skill.toml", 'number = "01"', "[name]", 'zh = "焊接"', 'en = "Welding"');
  // Where K12 comes from, J2 does too.
  put("skills/welding/competitors.csv", "code,name,organisation", ...Array.from({ length: 12 }, (_, at) => `K${String(at + 1).padStart(2, "0")},选手${at + 1},${at === 11 ? "乙" : "己"}`));
  put("skills/welding/judges.csv", "code,name,organisation,role", "J1,马建华,甲,judge", "J2,胡爱民,乙,judge", "J3,林晓峰,丙,judge", "J4,孙海燕,戊,judge", "J9,郑卫东,丁,chief_judge");
  put("skills/welding/panels.csv", "sub_criterion,judge,seat,counts", ...["A1", "A2", "B1"].flatMap((sub) => ["J1", "J2", "J3"].map((judge, at) => `${sub},${judge},${at + 1},1`)));
  const measured = (id, about, max, how, parameters = "", unit = "") => `${id},A,制作,${id.slice(0, 2)},${id < "A2" ? "外观" : "尺寸"},measurement,${about},${max},${how},"${parameters.replaceAll('"', '""')}",,,,,,,,,,,${unit}`;
  put(
    "skills/welding/aspects.csv",
    "id,criterion,criterion_name,sub_criterion,sub_criterion_name,type,description,max,calculation,parameters,score_min,score_max,score_step,drop_high,drop_low,factor,rung_0,rung_1,rung_2,rung_3,measured_in",
    measured("A1.01", "焊缝表面无裂纹", "10.00", "pass_fail"),
    measured("A1.02", "表面夹渣", "10.00", "choice", '{"choices":[{"label":"无","deduction":0},{"label":"一处","deduction":5},{"label":"多处","deduction":10}]}'),
    measured("A1.03", "合格焊缝数", "8.00", "number_completed", '{"possible":8}'),
    measured("A2.01", "总长", "12.00", "ranged", '{"target":120,"bands":[{"lower":0,"upper":0.5,"deduction":0},{"lower":0.5,"upper":1,"deduction":6}]}', "mm"),
    measured("A2.02", "坡口角度合格", "10.00", "pass_fail"),
    "B1.01,B,工艺,B1,成形,judgement,焊缝成形,20.00,,,,,,,,,成形差，余高不均,达到企业标准,均匀美观，好于标准,全长一致，可作样板,",
    "B1.02,B,工艺,B1,成形,judgement,现场整洁,10.00,,,,,,,,,杂乱,基本整洁,整洁有序,始终有序,",
    "B1.03,B,工艺,B1,成形,panel,整体印象,20.00,,,0,10,0.5,0,0,2,,,,,",
  );
  const zip = `${folder}.zip`;
  execFileSync("python3", ["-m", "zipfile", "-c", zip, "competition.toml", "skills"], { cwd: folder });
  const made = await ask("POST", "/api/competitions", readFileSync(zip), "application/zip");
  id = made.competition.id;
  skill = (await ask("GET", `/api/competitions/${id}`)).skills[0].skill.id;
  await ask("PATCH", `/api/competitions/${id}`, { is_public: true });
  await ask("PATCH", `/api/skills/${skill}`, { policy: "running" });
  await ask("POST", `/api/skills/${skill}/act`, { act: "open" });
}

const rest = (page) => page.waitForTimeout(320);
async function tap(page, locator) {
  await locator.click();
  await rest(page);
}
async function open(page, form, code) {
  await tap(page, page.locator(".form", { hasText: form }).locator(".competitor", { hasText: code }));
  await page.locator(".who .code", { hasText: code }).waitFor();
}
const place = (page, id) => tap(page, page.locator(".place", { hasText: id }));
const received = (page) => page.waitForFunction(() => /服务器已收到|every mark/.test(document.querySelector(".sync").textContent));
const home = (page) => tap(page, page.locator(".back"));
// Puts the undo away: it is on every screen for ten seconds, and hides the state of the bar.
const settle = async (page) => {
  await received(page);
  await page.locator(".undo").waitFor({ state: "detached" });
  await page.waitForTimeout(200);
};

async function draw(browser, tag) {
  const [language, name] = [tag === "zh" ? "zh-CN" : "en", (what) => join(OUT, `${what}.${tag}.png`)];
  await competition();
  const fresh = async (size = TABLET, options = {}) => {
    const context = await browser.newContext({ viewport: size, locale: language, baseURL: served.base, deviceScaleFactor: 1, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    return page;
  };
  const shoot = async (page, what, options = {}) => {
    await page.bringToFront();
    await page.mouse.move(0, 0);
    await page.waitForTimeout(300);
    await page.screenshot({ path: name(what), ...options });
    console.log(`${what}.${tag}.png`);
  };
  const signIn = async (judge, size, shot, options) => {
    const page = options?.again ?? (await fresh(size, options));
    const card = await ask("POST", `/api/skills/${skill}/cards`, { judge });
    page.pin = card.pin;
    await page.goto(`/judge#${card.code}`);
    await page.locator(".pin").waitFor();
    if (shot) await shoot(page, shot);
    await page.locator(".pin").fill(card.pin);
    await tap(page, page.locator("button[type=submit]"));
    await page.locator(".home").waitFor();
    return page;
  };
  const [one, two, three] = [await signIn("J1", TABLET, "judge-sign-in"), await signIn("J2"), await signIn("J3")];
  const phone = await signIn("J1", PHONE);

  // One sheet is whole, one is begun.
  await open(one, "A1", "K01");
  await shoot(one, "judge-yes-no");
  await tap(one, one.locator(".answer.yes"));
  await shoot(one, "judge-choice-undo");
  await tap(one, one.locator(".answer", { hasText: "一处" }));
  await shoot(one, "judge-count");
  await one.keyboard.press("6");
  await settle(one);
  await home(one);
  await open(one, "A2", "K01");
  await one.locator(".card input").fill("120.3");
  await shoot(one, "judge-number");
  await tap(one, one.locator(".give"));
  await settle(one);
  await home(one);
  await shoot(one, "judge-home");
  await open(phone, "A1", "K02");
  await shoot(phone, "judge-phone");
  await home(phone);
  await open(phone, "A2", "K02");
  await phone.locator(".card input").fill("12.03");
  await phone.locator(".odd").waitFor();
  await shoot(phone, "judge-odd");
  await tap(phone, phone.locator(".give"));
  await settle(phone);

  // The panel scores alone and disagrees, talks, and scores again.
  for (const [page, rung] of [[one, "杂乱"], [two, "整洁有序"], [three, "始终有序"]]) {
    if (page !== one) await open(page, "B1", "K01");
    else await open(one, "B1", "K01");
    if (page === one) await shoot(one, "judge-judgement");
    await tap(page, page.locator(".answer").nth(2));
    await place(page, "B1.02");
    await tap(page, page.locator(".answer", { hasText: rung }));
    await received(page);
  }
  await one.bringToFront();
  await place(one, "B1.02");
  await one.getByText(/第 2 轮|round 2/i).first().waitFor();
  await shoot(one, "judge-again");
  for (const page of [one, two, three]) {
    await page.bringToFront();
    await place(page, "B1.02");
    await tap(page, page.locator(".answer", { hasText: "整洁有序" }));
    await place(page, "B1.03");
    if (page === one) await shoot(one, "judge-panel");
    await page.locator(".card input").fill("8.5");
    await tap(page, page.locator(".give"));
    await received(page);
  }
  await settle(one);
  await tap(one, one.locator(".notes-of").first());
  await one.locator(".notes textarea").fill("收弧处有小气孔，已与 J2 核对");
  await tap(one, one.locator(".notes .primary"));
  await shoot(one, "judge-note");
  await tap(one, one.locator(".notes .close"));
  await tap(one, one.getByRole("button", { name: /核对|Review/ }).first());
  // Whole, as a judge sees it who moves the page up.
  await one.setViewportSize({ ...TABLET, height: 1060 });
  await one.locator("signature-pad").waitFor();
  const pad = await one.locator("signature-pad").boundingBox();
  const at = (x, y) => [pad.x + (pad.width * x) / 100, pad.y + (pad.height * y) / 100];
  for (const line of [[[12, 55], [20, 25], [24, 70], [32, 30], [36, 68]], [[42, 60], [48, 35], [55, 62], [62, 38], [78, 52]]]) {
    await one.mouse.move(...at(...line[0]));
    await one.mouse.down();
    for (const point of line.slice(1)) await one.mouse.move(...at(...point), { steps: 6 });
    await one.mouse.up();
  }
  await shoot(one, "judge-sign");
  await one.setViewportSize(TABLET);
  await home(one);

  // Walking, without a network, and locked.
  await tap(one, one.locator(".form", { hasText: "A1" }).getByRole("button", { name: /走评|Walk/ }));
  await shoot(one, "judge-walk");
  await home(one);
  await one.waitForFunction(() => navigator.serviceWorker.controller);
  await one.context().setOffline(true);
  await served.cut();
  await served.start();
  await one.locator(".bar.down").waitFor();
  await open(one, "A1", "K03");
  await tap(one, one.locator(".answer.yes"));
  await one.locator(".undo").waitFor({ state: "detached" });
  await shoot(one, "judge-offline");
  // Somebody else marks there meanwhile: both values are seen.
  await open(two, "A1", "K03").catch(async () => {
    await home(two);
    await open(two, "A1", "K03");
  });
  await tap(two, two.locator(".answer.no"));
  await received(two);
  await one.context().setOffline(false);
  await received(one);
  await place(one, "A1.01");
  await one.locator(".conflict").waitFor();
  await shoot(one, "judge-conflict");

  // The chief judge calls somebody, and decides.
  const chief = await signIn("J9");
  await tap(chief, chief.locator('a[href="/chief"]'));
  await chief.locator("#waiting").waitFor();
  await shoot(chief, "chief", { fullPage: true });
  await chief.goto("/chief/labels");
  await chief.locator(".label").first().waitFor();
  await shoot(chief, "labels");
  await one.reload();
  await one.locator(".unlock .pin").waitFor();
  await shoot(one, "judge-unlock");

  await chief.goto("/chief/notes");
  await chief.locator(".notes").first().waitFor();
  await shoot(chief, "chief-notes");

  // Who takes a seat over, who says a score, and the practice before day 1.
  await chief.goto("/chief");
  const section = chief.locator("section[aria-labelledby=judges]");
  await section.locator("details.confirm summary").nth(1).click();
  await section.screenshot({ path: name("chief-seat") });
  await section.locator("details.confirm summary").nth(1).click();
  await section.locator("details.confirm summary").nth(0).click();
  await section.screenshot({ path: name("chief-spoken") });
  await chief.locator("section[aria-labelledby=barred]").screenshot({ path: name("chief-instead") });
  await chief.locator("section[aria-labelledby=odd]").screenshot({ path: name("chief-odd") });
  const competitor = chief.locator("section[aria-labelledby=competitors] tr", { hasText: "K03" });
  await competitor.locator("details.confirm summary").click();
  await competitor.locator("select[name=what]").selectOption("disqualify");
  await competitor.screenshot({ path: name("chief-disqualify") });
  await phone.bringToFront();
  await home(phone);
  await tap(phone, phone.locator(".settings summary"));
  await tap(phone, phone.getByRole("button", { name: /退出登录|Sign out/ }));
  await shoot(phone, "judge-sign-out");
  await ask("POST", `/api/skills/${skill}/practice`);
  await chief.goto("/chief/practice");
  await chief.locator("h1").waitFor();
  await shoot(chief, "chief-practice", { fullPage: true });
  for (const page of [one, two, three, phone, chief]) await page.context().close();
  await drawCountersign(signIn, shoot);
  await drawLocked(signIn, shoot, name);
  await drawOther(signIn, shoot);
  await drawDesk(fresh, shoot);
}

// Two tablets of one judge, what a sign-out left on one, and a tablet in the dark.
async function drawOther(signIn, shoot) {
  await competition();
  const [one, again] = [await signIn("J1"), await signIn("J1")];
  await one.bringToFront();
  await one.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await one.locator(".notices .warning").waitFor();
  await shoot(one, "judge-second-tablet");
  await again.context().close();
  await one.context().setOffline(true);
  await served.cut();
  await served.start();
  await one.locator(".bar.down").waitFor();
  await open(one, "A2", "K01");
  await one.locator(".card input").fill("120.3");
  await tap(one, one.locator(".give"));
  await tap(one, one.locator(".answer.yes"));
  await one.locator(".undo").waitFor({ state: "detached" });
  // The network is back, and the socket is not.
  await one.evaluate(() => (WebSocket.prototype.send = () => {}));
  await one.context().setOffline(false);
  await tap(one, one.locator(".settings summary"));
  await tap(one, one.getByRole("button", { name: /退出登录|Sign out/ }));
  await tap(one, one.getByRole("button", { name: /仍要退出|all the same/ }));
  await one.locator(".sign-in form").waitFor();
  await one.goto("about:blank");
  await signIn("J1", TABLET, null, { again: one });
  await one.locator(".notices .left").waitFor();
  await shoot(one, "judge-left");
  const dark = await signIn("J2", TABLET, null, { colorScheme: "dark" });
  await open(dark, "A2", "K02");
  await dark.locator(".card input").fill("120.3");
  await shoot(dark, "judge-dark");
  for (const page of [one, dark]) await page.context().close();
}

// The organisers' desk: the competition, its cards, a practice, and what judges noted.
async function drawDesk(fresh, shoot) {
  await competition();
  const page = await fresh();
  await page.goto("/desk/sign-in");
  await page.locator("input[name=name]").fill("desk");
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.locator("main button").click();
  await page.goto(`/desk/competition/${id}`);
  await page.locator(".desk-skill").waitFor();
  await shoot(page, "desk-competition", { fullPage: true });
  await page.locator(`form[action="/desk/competition/${id}/cards"] button`).first().click();
  await page.locator(".judge-card").first().waitFor();
  await shoot(page, "desk-cards");
  await page.goto(`/desk/skill/${skill}/practice`);
  await page.locator("h1").waitFor();
  await page.getByRole("button", { name: /建立练习|Make the practice/ }).click();
  await page.locator("#practice").waitFor();
  await shoot(page, "desk-practice", { fullPage: true });
  // A drill, on the foreman's phone.
  await page.setViewportSize(PHONE);
  await page.goto("/drill/new");
  await page.locator("textarea[name=names]").fill("李明远\n王秀兰\n赵国强\n孙海燕\n周立新\n吴晓梅\n郑卫东\n冯建国");
  await shoot(page, "drill-new", { fullPage: true });
  await page.getByRole("button", { name: /^(开始|Start)$/ }).click();
  await page.locator("#workers").waitFor();
  await shoot(page, "drill-started", { fullPage: true });
  await page.context().close();
}

// How devices come to trust a server of a hall: it says so in plain HTTP, at the port of HTTPS.
async function drawTrust(browser, tag) {
  const context = await browser.newContext({ viewport: { ...TABLET, height: 1366 }, locale: tag === "zh" ? "zh-CN" : "en" });
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${secure.port}/trust`);
  await page.locator("svg.picture").first().waitFor();
  await page.screenshot({ path: join(OUT, `trust.${tag}.png`) });
  console.log(`trust.${tag}.png`);
  await context.close();
}

// A sheet that is declined, signed, locked, and asked for again; and what the chief judge sees of it.
async function drawLocked(signIn, shoot, name) {
  await competition();
  const panel = [await signIn("J1"), await signIn("J2"), await signIn("J3")];
  const [one, , three] = panel;
  const look = (page) => page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await one.bringToFront();
  await open(one, "A2", "K01");
  await one.locator(".card input").fill("120.3");
  await tap(one, one.locator(".give"));
  await tap(one, one.locator(".answer.yes"));
  await settle(one);
  // Later it is corrected, with a reason.
  await place(one, "A2.01");
  await one.locator(".card input").fill("120.4");
  await tap(one, one.locator(".give"));
  await one.locator(".why").waitFor();
  await shoot(one, "judge-correction");
  await tap(one, one.locator(".why .answer").nth(2));
  await settle(one);
  for (const page of panel) {
    await page.bringToFront();
    await look(page);
    if (page !== one) await open(page, "A2", "K01");
    await tap(page, page.getByRole("button", { name: /核对|Review/ }).first());
    if (page === three) {
      await tap(page, page.getByRole("button", { name: /我不签|I do not sign/ }));
      await shoot(page, "judge-decline");
      await tap(page, page.locator(".why .answer").first());
      await page.getByText(/您没有签|You declined/).first().waitFor();
      await received(page);
    } else {
      await tap(page, page.getByRole("button", { name: /不手写|without drawing/ }));
      await page.getByText(/您已签字|You have signed/).first().waitFor();
      await received(page);
    }
  }
  const chief = await signIn("J9");
  await tap(chief, chief.locator('a[href="/chief"]'));
  const requests = chief.locator("section[aria-labelledby=requests]");
  await requests.waitFor();
  await requests.screenshot({ path: name("chief-declined") });
  await three.bringToFront();
  await tap(three, three.getByRole("button", { name: /不手写|without drawing/ }));
  await three.getByText(/您已签字|You have signed/).first().waitFor();
  await received(three);
  await chief.bringToFront();
  await chief.goto("/chief");
  await chief.getByRole("button", { name: /全组已签字：锁定|All have signed/ }).click();
  await chief.locator(".note.done").waitFor();
  await one.bringToFront();
  await home(one);
  await look(one);
  await open(one, "A2", "K01");
  await one.getByRole("button", { name: /申请解锁|Ask to open/ }).waitFor();
  await shoot(one, "judge-locked");
  await tap(one, one.getByRole("button", { name: /申请解锁|Ask to open/ }));
  await shoot(one, "judge-ask-unlock");
  await tap(one, one.locator(".why .answer").first());
  await one.getByText(/已申请解锁|You asked/).first().waitFor();
  await received(one);
  await chief.bringToFront();
  await chief.goto("/chief");
  await requests.screenshot({ path: name("chief-requests") });
  await requests.getByRole("button", { name: /同意|Agree/ }).click();
  await chief.locator(".note.done").waitFor();
  await chief.locator("section[aria-labelledby=second]").screenshot({ path: name("chief-second") });
  // What an act would change, before it is proposed.
  const results = chief.locator("section[aria-labelledby=decisions]");
  await results.locator("details.confirm summary").first().click();
  await results.locator("details[open] textarea").fill("量具坏了");
  await results.locator("details[open] button.primary").click();
  await chief.locator(".changes").waitFor();
  await shoot(chief, "chief-difference", { fullPage: true });
  await one.goto("/ready");
  await one.locator(".tests li").last().waitFor();
  await one.waitForTimeout(4_000);
  await shoot(one, "ready", { fullPage: true });
  for (const page of [...panel, chief]) await page.context().close();
}

// A sheet that its judges have signed, before its competitor.
async function drawCountersign(signIn, shoot) {
  await competition("vocational-2014");
  const panel = [await signIn("J1"), await signIn("J2"), await signIn("J3")];
  for (const [at, page] of panel.entries()) {
    await page.bringToFront();
    await open(page, "A2", "K01");
    if (at === 0) {
      await page.locator(".card input").fill("120.3");
      await tap(page, page.locator(".give"));
      await tap(page, page.locator(".answer.yes"));
      await settle(page);
    }
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await tap(page, page.getByRole("button", { name: /核对|Review/ }).first());
    await tap(page, page.getByRole("button", { name: /不手写|without drawing/ }));
    await page.getByText(/您已签字|You have signed/).first().waitFor();
    await received(page);
  }
  const [one] = panel;
  await one.bringToFront();
  await one.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await tap(one, one.getByRole("link", { name: /请选手签字|Let the competitor sign/ }));
  await one.locator("signature-pad.drawable").waitFor();
  await shoot(one, "countersign", { fullPage: true });
  for (const page of panel) await page.context().close();
}

mkdirSync(OUT, { recursive: true });
let browser;
try {
  const secret = await served.start();
  served.hasAccount = true;
  ({ bearer } = await ask("POST", "/api/set-up", { secret, name: "desk", password: PASSWORD }));
  browser = await chromium.launch({ executablePath: process.env.LEITAI_CHROMIUM, args: ["--no-sandbox"] });
  await secure.start();
  for (const tag of ["zh", "en"]) {
    await draw(browser, tag);
    await drawTrust(browser, tag);
  }
} finally {
  await browser?.close();
  await Promise.all([served.stop(), secure.stop()]);
}
