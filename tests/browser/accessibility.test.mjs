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
const STILL = {
  "how devices come to trust a server": "/trust",
  "a server that devices trust already": "/trust-known",
  "a server without HTTPS": "/trust-plain",
  "a device that is tested": "/ready",
  "page that is not there": "/nothing",
  "page that broke": "/broken",
};

afterEach(closeAll);

// What is to be seen, and can only be seen by scrolling sideways.
const beyondTheScreen = () => {
  const shown = [...document.querySelectorAll("header *, main *, footer *")].filter((element) => {
    const { width, right } = element.getBoundingClientRect();
    const isHidden = element.closest(".hidden, .notice, thead, details:not([open])");
    return !isHidden && width > 1 && right > innerWidth + 1 && element.checkVisibility();
  });
  return shown.slice(0, 3).map((element) => element.outerHTML.slice(0, 200));
};

// What axe leaves open where one element lies over another: every text against the ground that it
// stands on, 4.5 to 1, or 3 to 1 where it is large.
const faintTexts = () => {
  const channels = (color) => color.match(/[\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const part = (value) => ((value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const color = channels(getComputedStyle(one).backgroundColor);
      if (color.length < 4 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const faint = [];
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !element.checkVisibility({ visibilityProperty: true })) continue;
    const style = getComputedStyle(element);
    const [one, other] = [light(channels(style.color)), light(ground(element))].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (other + 0.05);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    if (ratio < (isLarge ? 3 : 4.5)) faint.push(`${texts.currentNode.data}: ${ratio.toFixed(2)}`);
  }
  return [...new Set(faint)];
};

for (const [name, path] of Object.entries({ ...LIVE, ...STILL })) {
  test(`${name} can be used by everyone`, async () => {
    for (const language of ["zh", "en"]) {
      for (const theme of ["light", "dark"]) {
        const { page, complaints } = await (path in STILL || name in STILL ? open : openLive)(path, { language, theme });
        // What a device lacks is told once it is tested; here there is no server to test it against.
        if (path === "/ready") await page.waitForSelector('.verdict[data-state="missing"]');
        await page.evaluate(AXE);
        for (const [size, viewport] of Object.entries(SIZES)) {
          await page.setViewportSize(viewport);
          const { violations } = await page.evaluate(
            (rules) => window.axe.run({ runOnly: rules }),
            RULES,
          );
          const found = violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html).join(" ")}`);
          assert.deepEqual(found, [], `${language}, ${theme}, ${size}`);
          assert.deepEqual(await page.evaluate(beyondTheScreen), [], `${language}, ${size}`);
        }
        assert.deepEqual(await page.evaluate(faintTexts), [], `${language}, ${theme}`);
        const words = complaints.filter((complaint) => !/status of|when fetching the script/.test(complaint));
        assert.deepEqual(words, []);
        await closeAll();
      }
    }
  });
}
