// Works every draw of the page out again, from the data that the page holds, and says of each skill whether
// what was published fits (docs/draw.md). The words stand in the page.
(() => {
  const ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
  const published = JSON.parse(document.getElementById("view").textContent);
  const encoder = new TextEncoder();

  const digest = async (...lines) => {
    const hash = await crypto.subtle.digest("SHA-256", encoder.encode(lines.join("\n")));
    return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  // By their UTF-8 bytes: JavaScript's own order is another one for characters that it writes in two parts.
  const byBytes = (one, other) => {
    const [a, b] = [encoder.encode(one), encoder.encode(other)];
    const at = a.findIndex((byte, index) => byte !== b[index]);
    return at < 0 || at >= b.length ? a.length - b.length : a[at] - b[at];
  };
  const listed = (units) => [...new Set(units)].sort(byBytes);
  const isSame = (one, other) => one.length === other?.length && one.every((code, at) => code === other[at]);

  const made = async (key, count, codes) => {
    if (codes === "numbers") {
      const width = Math.max(2, String(count).length);
      return Array.from({ length: count }, (_, at) => String(at + 1).padStart(width, "0"));
    }
    const all = new Set();
    for (let at = 0; all.size < count; at += 1) {
      const bytes = (await digest(key, "code", String(at))).slice(0, 8).match(/../g);
      all.add(bytes.map((byte) => ALPHABET[Number.parseInt(byte, 16) & 31]).join(""));
    }
    return [...all].sort();
  };
  const draw = async ({ skill, seed }, { layer, secret, codes }, units) => {
    const key = await digest("leitai-draw-1", skill, String(layer), secret, seed);
    const list = listed(units);
    const lots = await Promise.all(list.map(async (unit) => [await digest(key, unit), unit]));
    lots.sort(([a], [b]) => (a < b ? -1 : 1));
    const given = await made(key, list.length, codes);
    return new Map(lots.map(([, unit], at) => [unit, given[at]]));
  };

  // Gives the names of what does not fit, and how many layers could be worked out.
  const check = async (skill, rows) => {
    const wrong = [];
    let told = 0;
    let units = skill.list;
    // Each row's codes as they come out, from what the row begins with.
    let chains = null;
    if (units && (await digest(...listed(units))) !== skill.list_hash) wrong.push("list");
    for (const layer of skill.layers) {
      if (layer.secret !== null) {
        if ((await digest(layer.secret)) !== layer.commitment) wrong.push(`commitment-${layer.layer}`);
        if (units && skill.seed !== null) {
          const drawn = await draw(skill, layer, units);
          if (!isSame([...drawn.values()].sort(byBytes), layer.drawn)) wrong.push(`codes-${layer.layer}`);
          chains ??= listed(units).map((unit) => [unit]);
          for (const chain of chains) chain.push(drawn.get(chain.at(-1)));
          told += 1;
        }
      } else {
        chains = null;
      }
      units = layer.drawn;
    }
    const lines = (all) => all.map((codes) => codes.join("\n")).sort();
    if (chains && !isSame(lines(chains), lines(rows))) wrong.push("shown");
    return { wrong, told };
  };

  const run = async (skill) => {
    const section = [...document.querySelectorAll("[data-skill]")].find(({ dataset }) => dataset.skill === skill.skill);
    const verdict = section.querySelector(".verdict");
    if (!globalThis.crypto?.subtle) {
      verdict.dataset.state = "unable";
      return;
    }
    verdict.dataset.state = "testing";
    const rows = [...section.querySelectorAll(".result tbody tr")];
    const { wrong, told } = await check(skill, rows.map((row) => [...row.querySelectorAll(".mono")].map((cell) => cell.textContent)));
    for (const name of wrong) section.querySelector(`[data-check="${name}"]`).hidden = false;
    const fits = told === skill.layers.length ? "fine" : told > 0 ? "partly" : "untold";
    verdict.dataset.state = wrong.length > 0 ? "missing" : fits;
  };
  for (const skill of published.skills) run(skill);
})();
