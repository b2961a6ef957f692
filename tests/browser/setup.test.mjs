// A new organiser at the real program, from an empty desk to skills that are open for marking: a competition and
// its skills on two forms, six hundred people from one GBK list with planted errors, schemes from CIS workbooks,
// judges pasted, every act of theirs counted.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { HALL, PASSWORD, PHONE, TABLET, audit, counted, fresh, joined, served } from "./chief-hall.mjs";

const shot = (page, name) => process.env.LEITAI_SHOTS && page.screenshot({ path: `${process.env.LEITAI_SHOTS}/${name}.png`, fullPage: true });
const { LEITAI_BIN } = process.env;

const SKILLS = "焊接 Welding,电工 Electrician,数控车 CNC turning,钳工 Fitting,汽修 Automobile,砌筑 Bricklaying,美发 Hairdressing,烹饪 Cooking,护理 Care,插花 Floristry,网络 Network,木工 Joinery,管道 Plumbing,喷漆 Painting,制冷 Refrigeration,机电 Mechatronics,印刷 Printing,服装 Fashion,糕点 Confectionery,救援 Rescue".split(",");
const NAMES = SKILLS.map((skill) => skill.split(" ")[0]);
const number = (at) => String(at + 1).padStart(2, "0");

// Made-up resident numbers with their right check character (GB 11643).
function resident(at) {
  const first = `13010219${90 + (at % 10)}${String((at % 12) + 1).padStart(2, "0")}${String((at % 28) + 1).padStart(2, "0")}${String(at).padStart(3, "0")}`;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  return first + "10X98765432"[[...first].reduce((sum, digit, place) => sum + digit * weights[place], 0) % 11];
}
const person = (at) => "李王赵刘陈杨黄周吴徐"[at % 10] + "明秀国建志海晓永春德"[Math.floor(at / 10) % 10] + "远兰强华军波燕平文龙"[Math.floor(at / 100) % 10];

// Six hundred rows, of which fifteen are named, each in its own way; row numbers count the titles.
function roster({ spoiled = true } = {}) {
  const rows = Array.from({ length: 600 }, (_, at) => [person(at), resident(at), NAMES[at % 20], `第${(at % 9) + 1}机械厂`, `${"石保唐沧邢"[at % 5]}市代表队`]);
  if (spoiled) {
    const other = (text) => text.slice(0, 17) + (text.endsWith("0") ? "1" : "0");
    rows[3][0] = "";
    rows[17][0] = "李4";
    rows[31][1] = other(rows[31][1]);
    rows[45][1] = rows[45][1].slice(0, 15);
    rows[59][1] = "130102199013010011";
    rows[73][1] = `99${rows[73][1].slice(2)}`;
    rows[87][1] = "12";
    rows[101][1] = rows[101][1].replace("1", "l");
    rows[115][2] = "航接";
    rows[129][2] = "";
    rows[143] = [...rows[142]];
    rows[157][1] = rows[156][1];
    rows[171][3] = `${"长".repeat(201)}`;
    rows[185][2] = "21";
  }
  return [["姓名", "身份证号", "赛项", "工作单位", "代表队"], ...rows].map((row) => row.map((cell) => `"${cell}"`).join(",")).join("\r\n");
}
// Rows 143 and 144 are one person twice, of which the second is wrong; 158 and 159 are two people under one number.
// Fifteen rows in all.
const WRONG = [5, 19, 33, 47, 61, 75, 89, 103, 117, 131, 145, 158, 159, 173, 187];

function gbk(text) {
  const file = join(served.folder, `roster-${Math.random()}.csv`);
  execFileSync("python3", ["-c", "import sys; open(sys.argv[1], 'wb').write(sys.stdin.buffer.read().decode().encode('gb18030'))", file], { input: text });
  return file;
}

// A CIS workbook, as a skill's experts send it.
function scheme(name) {
  const folder = join(served.folder, `scheme-${Math.random()}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "skill.toml"), `number = "1"\nname = "${name}"\n`);
  const rows = [
    "id,criterion,criterion_name,sub_criterion,sub_criterion_name,type,description,max,calculation,parameters,rung_0,rung_1,rung_2,rung_3",
    "A1.01,A,制作,A1,尺寸,measurement,尺寸在公差内,60.00,pass_fail,,,,,",
    "B1.01,B,工艺,B1,工艺,judgement,外观,40.00,,,差,达标,良好,优秀",
  ];
  writeFileSync(join(folder, "aspects.csv"), `${rows.join("\n")}\n`);
  const file = `${folder}.xlsx`;
  execFileSync(LEITAI_BIN, ["scheme", "convert", folder, file, "--to", "xlsx"]);
  return file;
}

// Invites three people who make codes, who commit from their own browsers; the seed is entered, and each prints and
// seals their layer of all twenty skills. Gives the acts of those three; the organiser's are counted by `by`.
async function draw(page, by, competition) {
  const at = `/desk/competition/${competition}/draw`;
  const registrars = [];
  for (const who of ["编甲", "编乙", "编丙"]) {
    const acts = counted();
    registrars.push([await joined(page, who, "registrar", competition, { size: { width: 1440, height: 900 } }, by, acts), acts]);
  }
  await page.goto(`/desk/competition/${competition}`);
  await by.press(page.getByRole("link", { name: "抽签与编码" }));
  await by.choose(page.locator("[name=layers]"), "3");
  await by.fill(page.locator("[name=source]"), "双色球第 2026138 期开奖号码");
  await by.press(page.getByRole("button", { name: "开始抽签" }));
  await page.locator("section", { hasText: "三次加密" }).first().waitFor();
  for (const [layer, [own, acts]] of registrars.entries()) {
    await acts.press(own.getByRole("link", { name: /石家庄市第三届/ }));
    await acts.press(own.getByRole("link", { name: "抽签与编码" }));
    await acts.press(own.getByRole("button", { name: /我来做这一层/ }).nth(0));
    await own.getByText("（您）").waitFor();
    assert.equal(await own.getByRole("button", { name: /我来做这一层/ }).count(), 0, "nobody makes two layers");
    if (layer === 0) await audit(own, "a draw with one layer made");
  }
  await page.goto(at);
  await by.fill(page.locator("[name=seed]"), "03 08 12 19 25 31 + 07");
  await by.press(page.getByRole("button", { name: "填入种子并抽签" }));
  await page.getByText("已抽签，还有没封存的层。").waitFor();
  await shot(page, "draw-drawn");
  for (const [own, acts] of registrars) {
    await own.goto(at);
    await acts.press(own.getByRole("link", { name: "打印本层的编码" }));
    await own.locator(".layer-cards .judge-card").nth(599).waitFor({ state: "attached" });
    await acts.press(own.getByRole("link", { name: "返回" }));
    await acts.press(own.locator("summary", { hasText: "封存本层" }));
    await acts.press(own.locator("details[open] button", { hasText: "封存本层" }));
    assert.equal(await own.locator(".slip .words").count(), 3);
    await audit(own, "the slips of a layer");
    await acts.press(own.getByRole("button", { name: "三张都在纸上了，封存" }));
    await own.getByText("已封存，凭封条打开").first().waitFor();
  }
  await page.goto(`/desk/competition/${competition}`);
  return registrars.reduce((sum, [, acts]) => sum + acts.acts(), 0);
}

test("a new organiser brings twenty skills and six hundred people to the opening within 350 acts", async (t) => {
  const page = await fresh({ size: { width: 1440, height: 900 } });
  const by = counted();
  await page.goto("/desk/sign-in");
  await by.fill(page.locator("input[name=name]"), "desk");
  await by.fill(page.locator("input[name=password]"), PASSWORD);
  await by.press(page.locator("main button"));
  const make = page.locator("section[aria-labelledby=new]");
  await by.fill(make.getByLabel("大赛名称"), "石家庄市第三届职工职业技能大赛");
  await by.fill(make.getByLabel("主办单位"), "石家庄市总工会");
  await by.choose(make.getByLabel(/^规则/), "worldskills-2026");
  await audit(page, "the desk with the form of a competition");
  await shot(page, "setup-home");
  await by.press(make.getByRole("button", { name: "新建" }));
  await page.locator(".next", { hasText: "添加赛项" }).waitFor();
  await by.fill(page.locator("[name=skills]"), SKILLS.map((skill, at) => `${number(at)}，${skill.replace(" ", "，")}`).join("\n"));
  await by.press(page.getByRole("button", { name: "添加赛项" }));
  await page.locator(".desk-skill").nth(19).waitFor();
  assert.equal(await page.locator(".lacks").first().innerText(), "还没有评分标准\n还没有选手\n还没有裁判");
  await audit(page, "skills that lack everything");
  await shot(page, "setup-skills");

  const competition = page.url().split("/").at(-1).split("#")[0];
  await by.press(page.getByRole("link", { name: "选手名单" }));
  await audit(page, "a roster without anybody");
  await by.send(page.locator("[name=file]"), gbk(roster()));
  await by.press(page.getByRole("button", { name: "上传并检查" }));
  await page.locator(".sum").waitFor();
  assert.match(await page.locator(".sum").innerText(), /共 600 行：585 人可以导入，15 行有错/);
  const said = await page.locator(".findings tr.error td:first-child").allInnerTexts();
  assert.deepEqual([...new Set(said.map(Number))], WRONG);
  await audit(page, "what a list would do");
  await shot(page, "setup-dry-run");
  const [errors] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: /下载错误清单/ }).click()]);
  assert.ok(readFileSync(await errors.path()).subarray(0, 2).equals(Buffer.from("PK")));
  await by.press(page.getByRole("button", { name: "导入 585 人，略过 15 行" }));
  await page.locator(".note", { hasText: "已导入 585 人" }).waitFor();
  await page.getByRole("heading", { name: "现有 585 人" }).waitFor();
  // It was the wrong file: all of it goes, and the right one comes.
  const lists = page.locator("section[aria-labelledby=lists]");
  await by.press(lists.locator("summary"));
  await by.press(lists.locator("details[open] button"));
  await page.getByRole("heading", { name: "现有 0 人" }).waitFor();
  await by.send(page.locator("[name=file]"), gbk(roster({ spoiled: false })));
  await by.press(page.getByRole("button", { name: "上传并检查" }));
  await by.press(page.getByRole("button", { name: "导入 600 人" }));
  await page.getByRole("heading", { name: "现有 600 人" }).waitFor();
  await audit(page, "a roster with six hundred people");
  await shot(page, "setup-roster");
  await by.press(page.getByRole("link", { name: "回到大赛" }));

  const files = [scheme("焊接"), scheme("电工")];
  for (let at = 0; at < 20; at += 1) {
    const skill = page.locator(".desk-skill").nth(at);
    await by.send(skill.locator("form[action$='/scheme/upload'] [name=file]"), files[at % 2]);
    await by.press(skill.locator("form[action$='/scheme/upload'] button"));
    await skill.locator(".lacks a", { hasText: "还没有裁判" }).waitFor();
    await by.press(skill.locator("summary", { hasText: "添加多位裁判" }));
    await by.fill(skill.locator("[name=judges]"), "马建华\t质检院\n胡爱民\t技师学院\n林晓峰\t一厂\n郑卫东\t二厂");
    await by.press(skill.locator("form[action$='/judge-lines'] button"));
    await skill.getByText("准备好了，可以开放评分").waitFor();
  }
  await shot(page, "setup-ready");
  const drawn = await draw(page, by, competition);
  for (let at = 0; at < 20; at += 1) {
    const skill = page.locator(".desk-skill").nth(at);
    await by.press(skill.locator("summary", { hasText: "开放评分" }));
    await by.press(skill.locator("details[open] button", { hasText: "开放评分" }));
    await skill.locator(".status.in-progress").waitFor();
  }
  const shown = by.acts() + drawn;
  t.diagnostic(`${shown} acts`);
  assert.ok(shown <= 350, `${shown} acts`);
  // What the tablets scan are the work codes, of which nobody knows yet whose they are.
  await page.locator(".desk-skill").first().getByRole("link", { name: /标签/ }).click();
  const labels = await page.locator("main").innerText();
  assert.ok(!NAMES.some((name) => labels.includes(person(NAMES.indexOf(name)))), labels);
  await page.goBack();
  await by.press(page.getByRole("button", { name: "打印登录卡" }));
  await page.locator(".judge-card").nth(79).waitFor();
  await page.goto(`/desk/competition/${competition}/roster`);
  await page.getByText("已开放或已抽签，不能再改").first().waitFor();
});

test("the pages of a set-up are whole on a phone and in English and in the dark, and say what is wrong", async () => {
  const page = await fresh({ size: PHONE, language: "en", theme: "dark" });
  await page.goto("/desk/sign-in");
  await page.locator("input[name=name]").fill("desk");
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.locator("main button").click();
  const make = page.locator("section[aria-labelledby=new]");
  await make.getByLabel("Name", { exact: true }).fill("City contest");
  await make.getByLabel("First day").fill("2026-05-10");
  await make.getByLabel("Last day").fill("2026-05-09");
  await make.getByRole("button", { name: "Make it" }).click();
  await make.getByRole("alert").waitFor();
  assert.equal(await make.getByLabel("Name", { exact: true }).inputValue(), "City contest", "what was typed stays");
  await shot(page, "setup-wrong-phone-en-dark");
  await make.getByLabel("Last day").fill("2026-05-11");
  await make.getByRole("button", { name: "Make it" }).click();
  await page.locator("[name=skills]").fill("01, Welding\n01, Twice");
  await page.getByRole("button", { name: "Add skills" }).click();
  await page.locator(".wrong").waitFor();
  assert.equal(await page.locator("[name=skills]").inputValue(), "01, Welding\n01, Twice");
  await page.locator("[name=skills]").fill("01, Welding\n02, Joinery");
  await page.getByRole("button", { name: "Add skills" }).click();
  await page.locator(".desk-skill").nth(1).waitFor();
  await audit(page, "a skill that lacks everything, on a phone");
  await shot(page, "setup-skill-phone-en-dark");
  await page.getByRole("link", { name: "Roster" }).click();
  await page.locator("summary", { hasText: "Or paste" }).click();
  await page.locator("[name=rows]").fill("who\twhere\tskill\nLi Ming\tShop 1\tWelding\nWang Hua\tShop 2\tWeldin\n");
  await page.locator("details[open] button").click();
  // Nothing is called a name there, and what was pasted stays.
  await page.locator(".wrong").waitFor();
  assert.match(await page.locator("[name=rows]").inputValue(), /Li Ming/);
  await page.locator("[name=rows]").fill("Name\tWorks at\tSkill\nLi Ming\tShop 1\tWelding\nWang Hua\tShop 2\tWeldin\n");
  await page.locator("details[open] button").click();
  await page.locator(".sum", { hasText: "1 person can be taken in" }).waitFor();
  await audit(page, "what a list would do, on a phone in English and dark");
  await shot(page, "setup-dry-run-phone-en-dark");
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "a list on a phone");
  await page.getByLabel("Works at").selectOption({ label: "Organisation" });
  await page.getByRole("button", { name: "Check again like this" }).click();
  await page.locator(".sum").waitFor();
  await page.getByRole("button", { name: "Take 1 person in, leave 1 row out" }).click();
  await page.locator(".note", { hasText: "1 person was taken in" }).waitFor();
  await audit(page, "a roster, on a phone in English and dark");
  await shot(page, "setup-roster-phone-en-dark");
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "a roster on a phone");
  await page.locator("th a", { hasText: "Welding" }).click();
  await page.getByText("1 in all.").waitFor();
  await audit(page, "competitors one by one, on a phone in English and dark");
  await shot(page, "setup-competitors-phone-en-dark");
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "competitors on a phone");
  await page.getByRole("link", { name: "Li Ming" }).click();
  await page.getByLabel("Delegation").fill("Tangshan");
  await audit(page, "one competitor, on a phone in English and dark");
  await shot(page, "setup-competitor-phone-en-dark");
  await page.getByRole("button", { name: "Save" }).click();
  await page.locator("td", { hasText: "Tangshan" }).waitFor({ state: "attached" });
  await page.getByRole("link", { name: "Back to the roster" }).click();
  for (const [size, name] of [[TABLET, "tablet"], [HALL, "hall"]]) {
    await page.setViewportSize(size);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), name);
  }

  // A judge of the same shop is found, and one who is kin is declared; a mistake keeps what was typed.
  await page.setViewportSize(PHONE);
  await page.getByRole("link", { name: "Back to the competition" }).click();
  const skill = page.locator(".desk-skill").first();
  await skill.locator("summary", { hasText: "Add judges" }).click();
  await skill.locator("[name=judges]").fill("Ma Jianhua, Shop 1\nHu Aimin, Shop 2");
  await skill.locator("form[action$='/judge-lines'] button").click();
  await skill.getByRole("link", { name: /Conflicts of interest/ }).click();
  await page.locator("section[aria-labelledby=found]", { hasText: "Li Ming" }).waitFor();
  await audit(page, "interests, none declared, on a phone in English and dark");
  await page.locator("section[aria-labelledby=declare] [name=competitor]").fill("Somebody");
  await page.locator("select[name=judge]").selectOption({ label: "Hu Aimin (J2)" });
  await page.getByRole("button", { name: "Declare" }).click();
  await page.locator(".wrong").waitFor();
  assert.equal(await page.locator("select[name=judge]").inputValue(), "J2");
  await page.locator("section[aria-labelledby=declare] [name=competitor]").fill("Li Ming");
  await page.getByRole("button", { name: "Declare" }).click();
  await page.locator("section[aria-labelledby=declared] tr", { hasText: "Hu Aimin" }).waitFor();
  await audit(page, "interests, on a phone in English and dark");
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "interests on a phone");
  await shot(page, "setup-interests-phone-en-dark");
});
