// A device that gets ready at the real program: over HTTPS with the server's own authority, and over
// plain HTTP, where it is said what is missing.
import assert from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import { createServer } from "node:net";
import { after, afterEach, before, test } from "node:test";
import { connect } from "node:tls";
import { chromium } from "playwright-core";
import { Served } from "./served.mjs";

const PHONE = { width: 390, height: 844 };
const TABLET = { width: 1024, height: 768 };
const PATIENCE = 30_000;
// Of what is tested, what a browser gives to secure pages only.
const SECURE_ONLY = ["secure", "worker", "persistence", "wake"];
const NAME = "leitai.test";

const secure = new Served("--tls-own");
let plain;
let browser;
let contexts = [];

before(async () => {
  const port = await freePort();
  plain = new Served("--origin", `http://${NAME}:${port}`);
  plain.port = port;
  await Promise.all([secure.start(), plain.start()]);
  const trusted = await keyOf(secure.port, await certificate());
  const args = ["--no-sandbox", `--ignore-certificate-errors-spki-list=${trusted}`, `--host-resolver-rules=MAP ${NAME} 127.0.0.1`];
  browser = await chromium.launch({ executablePath: process.env.LEITAI_CHROMIUM, args });
});

after(async () => {
  await browser?.close();
  await Promise.all([secure.stop(), plain?.stop()]);
});

afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()));
  contexts = [];
});

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

// The authority's certificate as a device gets it: in plain HTTP, at the port of HTTPS.
async function certificate() {
  const answer = await fetch(`http://127.0.0.1:${secure.port}/trust/leitai-authority.pem`);
  assert.equal(answer.status, 200);
  return answer.text();
}

// The hash of the server's key, once the authority has vouched for it: the browser is told to trust
// exactly that, since it cannot be given an authority for the length of a test.
function keyOf(port, ca) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, ca, ALPNProtocols: ["http/1.1"] }, () => {
      const key = socket.getPeerX509Certificate().publicKey.export({ type: "spki", format: "der" });
      socket.end();
      resolve(createHash("sha256").update(key).digest("base64"));
    });
    socket.once("error", reject);
  });
}

async function open(address, { language = "zh", size = TABLET, ...options } = {}) {
  const context = await browser.newContext({ viewport: size, ...options });
  contexts.push(context);
  await context.addCookies([{ name: "lang", value: language, url: new URL(address).origin }]);
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  await page.goto(address);
  return page;
}

// As a judge's browser gives it to a page that was added to the home screen.
async function keepForLong(page, origin) {
  const session = await page.context().browser().newBrowserCDPSession();
  const { targetInfo } = await (await page.context().newCDPSession(page)).send("Target.getTargetInfo");
  const { browserContextId } = targetInfo;
  // What is not named here is taken away.
  const permissions = ["durableStorage", "wakeLockScreen"];
  await session.send("Browser.grantPermissions", { origin, browserContextId, permissions });
}

const tested = (page) => page.waitForSelector('.verdict:is([data-state="fine"], [data-state="missing"])');

// What the page says of each test: its state, the word that is to be seen, and whether it says what to do.
const lines = (page) =>
  page.$$eval("[data-test]", (list) =>
    list.map((line) => ({
      name: line.dataset.test,
      state: line.dataset.state,
      words: [...line.querySelectorAll(".words > span")].filter((word) => word.checkVisibility()).map((word) => word.textContent),
      signs: [...line.querySelectorAll(".words svg")].filter((sign) => sign.checkVisibility()).length,
      mends: line.querySelector(".mend").checkVisibility(),
    })),
  );

test("over https the judge's app is in a secure context and opens without a network", async () => {
  const page = await open(`${secure.base}/judge`);
  assert.ok(await page.evaluate(() => isSecureContext));
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.waitForSelector("#judge .door, #judge form, #judge .stage");
  await page.context().setOffline(true);
  await page.reload();
  await page.waitForSelector("#judge");
});

test("over https a device is ready, and can be tested again", async () => {
  for (const [language, fine, missing] of [["zh", "通过", "未通过"], ["en", "Passed", "Not passed"]]) {
    const page = await open(`${secure.base}/ready`, { language });
    await tested(page);
    // A browser that may not keep for long says so, and how it may.
    let said = await lines(page);
    assert.deepEqual(said.filter(({ state }) => state === "missing").map(({ name, words, mends }) => [name, words, mends]), [["persistence", [missing], true]]);
    await keepForLong(page, secure.base);
    await page.getByRole("button", { name: language === "zh" ? "再测一次" : "Test again" }).click();
    await page.waitForSelector('.verdict[data-state="fine"]');
    said = await lines(page);
    assert.equal(said.length, 8);
    for (const line of said) assert.deepEqual([line.state, line.words, line.signs, line.mends], ["fine", [fine], 1, false], line.name);
    for (const name of ["clock", "trip"]) {
      assert.match(await page.locator(`[data-test=${name}] output`).textContent(), /^\d+$/);
    }
  }
});

test("over plain http what a device lacks is named, one sentence each", async () => {
  for (const [language, fine, missing] of [["zh", "通过", "未通过"], ["en", "Passed", "Not passed"]]) {
    const page = await open(`http://${NAME}:${plain.port}/ready`, { language, size: PHONE });
    await tested(page);
    for (const { name, state, words, signs, mends } of await lines(page)) {
      const lacks = SECURE_ONLY.includes(name);
      assert.deepEqual([state, words, signs, mends], [lacks ? "missing" : "fine", [lacks ? missing : fine], 1, lacks], name);
    }
    assert.equal(await page.locator(".verdict").getAttribute("data-state"), "missing");
    await page.locator("[data-test=secure] a").click();
    await page.waitForURL("**/trust");
    assert.match(await page.locator("main").textContent(), /leitai serve --tls-own/);
  }
});

test("without a script nothing is called tested", async () => {
  const page = await open(`${secure.base}/ready`, { javaScriptEnabled: false, size: PHONE });
  assert.ok(await page.locator("noscript p").isVisible());
  const words = page.locator(".words > span:visible");
  assert.deepEqual([...new Set(await words.allTextContents())], ["未测"]);
  assert.equal(await words.count(), 8);
  assert.ok(!(await page.locator("[data-test] .mend").first().isVisible()));
  assert.ok(!(await page.getByRole("button").isVisible()));
});

test("a device that does not trust the server yet gets its certificate in plain, with pictures", async () => {
  const { fingerprint256, ca } = new X509Certificate(await certificate());
  assert.ok(ca);
  const origin = `http://127.0.0.1:${secure.port}`;
  for (const language of ["zh", "en"]) {
    const page = await open(`${origin}/trust`, { language, size: PHONE });
    assert.equal(page.url(), `${origin}/trust`);
    const shown = await page.locator(".fingerprint span").allTextContents();
    assert.equal(shown.join(":"), fingerprint256);
    for (const device of ["ipad", "android", "harmony"]) {
      const steps = page.locator(`section[aria-labelledby=${device}] li`);
      assert.ok((await steps.count()) >= 3);
      assert.equal(await steps.locator("svg.picture").count(), await steps.count());
    }
    // It names the server by which it is reached from elsewhere, and leads on to HTTPS.
    assert.equal(await page.locator(".certificate .address").textContent(), `${origin}/trust`);
    assert.equal(await page.locator("#after ~ .acts a").getAttribute("href"), `${secure.base}/ready`);
    const got = await page.evaluate(async (path) => (await fetch(path)).headers.get("content-type"), await page.locator("a[href$='.crt']").getAttribute("href"));
    assert.equal(got, "application/x-x509-ca-cert");
    await page.locator("#after ~ .acts a").click();
    await tested(page);
    assert.ok(page.url().startsWith("https:"));
  }
});

test("over plain http the app leads to the certificate once the server has one to give, and not before", async () => {
  const renewed = new Served();
  const port = await freePort();
  renewed.port = port;
  renewed.words = ["--origin", `http://${NAME}:${port}`];
  await renewed.start();
  try {
    for (const language of ["zh", "en"]) {
      const page = await open(`http://${NAME}:${port}/judge`, { language });
      await page.locator(".settings summary").click();
      const link = page.locator('.settings a[href="/trust"]');
      await page.locator('.settings a[href="/ready"]').waitFor();
      await page.getByText(language === "zh" ? "未加密的连接" : "An unencrypted connection").waitFor();
      await page.waitForLoadState("networkidle");
      assert.ok(!(await link.isVisible()), "a server without HTTPS has none to give");
      await page.locator(".settings summary").click();
      // The organisers start it again with an authority of its own, while the page is open.
      await renewed.cut();
      renewed.words = ["--tls-own", "--tls-name", NAME];
      await renewed.start();
      await page.locator(".settings summary").click();
      await link.waitFor();
      assert.equal(await link.innerText(), language === "zh" ? "安装服务器的证书" : "Install the server's certificate");
      await link.click();
      await page.waitForURL("**/trust");
      await page.locator('a[href="/trust/leitai-authority.crt"]').waitFor();
      await renewed.cut();
      renewed.words = ["--origin", `http://${NAME}:${port}`];
      await renewed.start();
    }
  } finally {
    await renewed.stop();
  }
});
