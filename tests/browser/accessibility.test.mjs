// Every page against WCAG 2.2 AA, as far as a program can tell: both languages, both themes, from a
// phone to a hall.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterEach, test } from "node:test";
import { closeAll, open, openLive, SIZES } from "./harness.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const LIVE = {
  home: "/",
  competition: "/competition/c1",
  "competition without anything": "/competition-upcoming",
  delegation: "/delegation/c1/石家庄市",
  board: "/skill/s08",
  "board with groups and awards": "/skill/s12",
  "board of an anonymous skill": "/skill/s15",
  "board without anyone": "/skill/s21",
  screen: "/screen/s08",
};
const STILL = { "page that is not there": "/nothing", "page that broke": "/broken" };

afterEach(closeAll);

for (const [name, path] of Object.entries({ ...LIVE, ...STILL })) {
  test(`${name} can be used by everyone`, async () => {
    for (const language of ["zh", "en"]) {
      for (const theme of ["light", "dark"]) {
        const { page, complaints } = await (path in STILL || name in STILL ? open : openLive)(path, { language, theme });
        await page.evaluate(AXE);
        for (const [size, viewport] of Object.entries(SIZES)) {
          await page.setViewportSize(viewport);
          const { violations } = await page.evaluate(
            (rules) => window.axe.run({ runOnly: rules }),
            RULES,
          );
          const found = violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html).join(" ")}`);
          assert.deepEqual(found, [], `${language}, ${theme}, ${size}`);
        }
        const words = complaints.filter((complaint) => !complaint.includes("status of"));
        assert.deepEqual(words, []);
        await closeAll();
      }
    }
  });
}
