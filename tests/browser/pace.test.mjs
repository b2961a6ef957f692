// How fast a judge gets through a sheet at the real program, where every aspect takes one tap.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PHONE, TABLET, competitionOf, received, signIn } from "./chief-hall.mjs";

// Half met or not met, half by the descriptors, in turn.
const ASPECTS = Array.from({ length: 40 }, (_, at) => {
  const head = `A1.${String(at + 1).padStart(2, "0")},A,制作,A1,检查`;
  return at % 2 ? `${head},judgement,成形 ${at + 1},2.50,,,成形差,达到标准,均匀美观,全长一致` : `${head},measurement,检查点 ${at + 1},2.50,pass_fail,,,,,`;
});
// A practised judge looks and taps about each second and a half, which is a minute for 40 aspects: two thirds
// of the 90 seconds are the judge's, and what the app takes besides has to fit into the rest. To keep the test
// short its taps come faster; the app may take of each what the judge leaves it, 90 s / 40 − 1.5 s.
const JUDGE_MS = 1_500;
const LEFT_MS = 90_000 / 40 - JUDGE_MS;
const TAPS_MS = 400;

for (const [size, name] of [[TABLET, "a tablet"], [PHONE, "a phone"]]) {
  test(`a sheet of 40 aspects takes 40 taps and less than 90 seconds on ${name}`, async (t) => {
    await competitionOf({ aspects: ASPECTS });
    const page = await signIn("J1", { size });
    const first = page.locator(".form .competitor", { hasText: "K01" });
    await first.waitFor();
    await received(page);
    await page.evaluate(() => {
      window.taps = 0;
      window.addEventListener("pointerdown", () => (window.taps += 1), true);
    });
    await first.click();
    await page.waitForTimeout(TAPS_MS);
    assert.equal(await page.evaluate(() => window.taps), 1);
    let slowest = 0;
    const began = performance.now();
    for (const [at, row] of ASPECTS.entries()) {
      const id = row.split(",")[0];
      const asked = performance.now();
      // It has come by itself: nothing else is tapped, and nothing is scrolled to.
      await page.locator(".aspect .mono", { hasText: id }).waitFor();
      const answer = at % 2 ? page.locator(".answer.rung").nth(at % 4) : page.locator(at % 4 ? ".answer.no" : ".answer.yes");
      const { x, y, width, height } = await answer.boundingBox();
      await page.mouse.click(x + width / 2, y + height / 2);
      slowest = Math.max(slowest, performance.now() - asked);
      await page.waitForTimeout(TAPS_MS);
    }
    await page.locator(".finished").waitFor();
    await received(page);
    const took = performance.now() - began;
    const asAPerson = took + 40 * (JUDGE_MS - TAPS_MS);
    t.diagnostic(`${(took / 1000).toFixed(1)} s; at a person's pace ${(asAPerson / 1000).toFixed(1)} s; slowest ${Math.round(slowest)} ms`);
    assert.equal(await page.evaluate(() => window.taps), 1 + 40);
    assert.match(await page.locator(".who .count").innerText(), /^40 \/ 40/);
    assert.equal(await page.locator(".place .shape", { hasText: "✓" }).count(), 40, "each is received");
    assert.ok(slowest < LEFT_MS, `${slowest} ms`);
    assert.ok(asAPerson < 90_000, `${asAPerson} ms`);
  });
}
