// An authenticator on a phone, as RFC 6238 has it; a server takes the code of the step ahead too.
import { createHmac } from "node:crypto";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

// What it shows of a secret so many steps of 30 seconds from now.
export function codeIn(secret, steps = 0) {
  const bits = [...secret].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const mac = createHmac("sha1", key).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

// Sets one up for whoever asks, without a page: who releases results has one.
export async function setFactor(ask, password = "correct horse battery") {
  const { secret } = await ask("POST", "/api/me/factor", { password });
  await ask("PUT", "/api/me/factor", { code: codeIn(secret) });
  return secret;
}

// Sets one up at the page of one's own account; gives its secret and the recovery codes.
export async function setFactorAt(page, password = "correct horse battery") {
  await page.locator("form[action='/desk/me/factor'] [name=password]").fill(password);
  await page.locator("form[action='/desk/me/factor'] button").click();
  await page.locator(".setting-up .qr").waitFor();
  await page.locator(".setting-up summary").click();
  const secret = (await page.locator(".setting-up code").innerText()).replaceAll(" ", "");
  await page.locator("form[action='/desk/me/factor/confirm'] [name=code]").fill(codeIn(secret));
  await page.locator("form[action='/desk/me/factor/confirm'] button").click();
  const codes = await page.locator(".recovery .codes code").allInnerTexts();
  return { secret, codes };
}
