// The scheme editor: moves, adds and removes rows of the form, changes several at once, takes rows that are
// pasted, and asks the server what it all comes to. It works out no sum and no rule itself. The form's order is
// the scheme's; every change can be undone; what was not saved survives a reload of the page.
(() => {
  const form = document.getElementById("scheme");
  const page = JSON.parse(document.getElementById("view")?.textContent ?? "null");
  if (!form || !page || form.querySelector(".scheme-fields[disabled]")) return;
  const { words } = page;
  const api = `/api/skills/${encodeURIComponent(page.skill)}/scheme`;
  const kept = `scheme:${page.skill}`;
  const bar = form.querySelector(".scheme-bar");
  const state = bar.querySelector(".state");
  const bulk = document.querySelector(".scheme-bulk");
  const library = document.getElementById("library");
  const LEVELS = { a: "aspect", s: "sub", c: "criterion", n: "of-standard", p: "of-standard" };
  const NAMES = { a: "description", s: "s_name", c: "c_name", n: "n_name", p: "p_name" };
  const PASTED = ["a", "description", "kind", "max", "section", "part", "requirement", "note", "rung_0", "rung_1", "rung_2", "rung_3"];
  const ROWS_MAX = 400;
  const undos = [];
  let isUnsaved = form.dataset.unsaved !== undefined;
  let checked = page.checked;

  document.documentElement.classList.add("with-script");
  // A page that answered a form is loaded again as it is kept: what was typed is offered from the draft.
  history.replaceState(null, "", location.pathname);

  const rows = (sort, within = form) => [...within.querySelectorAll(`[data-row="${sort}"]`)];
  const field = (row, name) => row.querySelector(`[name="${name}"]`);
  const sortOf = (row) => row.dataset.row;
  const idOf = (row) => field(row, sortOf(row)).value;
  const say = (text, count, name) => {
    state.textContent = text.replace("#", count).replace("@", name);
  };
  const pairs = () => [...new FormData(form).entries()].filter(([name]) => name !== "act");
  const fresh = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

  // ---- What it comes to

  const at = { criterion: "c", sub: "s", aspect: "a", section: "n", part: "p" };
  const rowOf = ({ at: place }) => {
    if (!place) return null;
    const [sort, number] = Object.entries(place)[0];
    return rows(at[sort])[number] ?? null;
  };
  const showNotes = () => {
    for (const list of form.querySelectorAll(".row-notes")) list.replaceChildren();
    for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
    for (const note of checked.notes) {
      const row = rowOf(note);
      const list = row ? [...row.querySelectorAll(".row-notes")].find((one) => one.closest("[data-row]") === row) : form.querySelector(".row-notes");
      const item = document.createElement("li");
      item.className = note.is_error ? "is-error" : "is-warning";
      const cell = words.cells[note.cell];
      if (cell) item.append(Object.assign(document.createElement("b"), { textContent: cell }), " ");
      item.append(note.what);
      list?.append(item);
      if (row && note.is_error) cellOf(note, row)?.setAttribute("aria-invalid", "true");
    }
  };
  const cellOf = ({ cell }, row) => field(row, cell === "id" ? sortOf(row) : cell);
  const line = (row, sum) => {
    const link = document.createElement("a");
    link.href = "#";
    const [id, name, total] = ["b", "span", "output"].map((tag) => document.createElement(tag));
    [id.textContent, name.textContent, total.textContent, total.className] = [idOf(row), field(row, NAMES[sortOf(row)]).value, sum ?? "", "count"];
    link.append(id, name, total);
    link.addEventListener("click", (event) => {
      event.preventDefault();
      reveal(row);
    });
    return link;
  };
  const showTree = () => {
    let sub = 0;
    const items = rows("c").map((row, number) => {
      const item = document.createElement("li");
      const below = document.createElement("ol");
      for (const one of rows("s", row)) {
        const inner = document.createElement("li");
        inner.append(line(one, checked.subs[sub]));
        sub += 1;
        below.append(inner);
      }
      item.append(line(row, checked.criteria[number]), below);
      return item;
    });
    form.querySelector(".scheme-tree > ol").replaceChildren(...items);
  };
  const showSums = () => {
    const put = (row, text) => {
      const output = row.querySelector(".row-sum");
      if (output) output.textContent = text ?? "";
    };
    rows("c").forEach((row, number) => put(row, checked.criteria[number]));
    rows("s").forEach((row, number) => put(row, checked.subs[number]));
    rows("p").forEach((row, number) => put(row, checked.parts[number]));
    rows("n").forEach((row, number) => {
      const [sum, apart] = checked.sections[number] ?? ["", ""];
      put(row, sum);
      row.querySelector(".apart").textContent = apart;
    });
    bar.querySelector('[data-sum="total"]').textContent = checked.total;
    const wanted = bar.querySelector(".wanted");
    if (wanted) wanted.textContent = checked.wanted ? ` / ${checked.wanted}` : "";
    bar.querySelector("[data-aspects]").textContent = words.aspects.replace("#", checked.aspects);
    const errors = checked.notes.filter((note) => note.is_error).length;
    const warnings = checked.notes.length - errors;
    const found = bar.querySelector(".found");
    const told = [errors > 0 && words.errors.replace("#", errors), warnings > 0 && words.warnings.replace("#", warnings)].filter(Boolean);
    found.textContent = told.join(" · ") || words.fine;
    found.dataset.state = errors > 0 ? "errors" : warnings > 0 ? "warnings" : "fine";
  };
  const showKnown = () => {
    const fill = (id, sort, named) => {
      const options = rows(sort).map((row) => Object.assign(document.createElement("option"), { value: idOf(row), label: field(row, NAMES[sort]).value }));
      document.getElementById(id).replaceChildren(...options);
      form.classList.toggle(named, options.length > 0);
    };
    const begin = document.getElementById("begin")?.parentElement;
    if (begin) begin.hidden = rows("c").length > 0;
    fill("known-sections", "n", "with-sections");
    fill("known-parts", "p", "with-parts");
  };
  const show = () => {
    showSums();
    showNotes();
    showTree();
    showKnown();
  };

  let waiting = 0;
  let asked = 0;
  let isChecked = true;
  const check = async () => {
    asked += 1;
    const mine = asked;
    try {
      const answer = await fetch(`${api}/check`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(pairs()),
      });
      if (mine !== asked) return;
      if (!answer.ok) throw new Error(String(answer.status));
      checked = await answer.json();
      isChecked = true;
      show();
    } catch {
      if (mine === asked) say(words.unchecked);
    }
  };
  const changed = () => {
    isUnsaved = true;
    isChecked = false;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      keepDraft();
      check();
    }, 250);
  };

  // ---- Acts, and their undoing

  const did = (undo, text, count, name) => {
    undos.push(undo);
    bar.querySelector('[data-act="undo"]').disabled = false;
    changed();
    say(text, count, name);
  };
  const undo = () => {
    const last = undos.pop();
    if (!last) return;
    last();
    bar.querySelector('[data-act="undo"]').disabled = undos.length === 0;
    showPicked();
    changed();
    say(words.undone);
  };
  const placeOf = (row) => [row.parentElement, row.nextElementSibling];
  const put = (row, [list, before]) => list.insertBefore(row, before);

  const unfold = (row, isOpen) => {
    row.classList.toggle("is-open", isOpen);
    row.querySelector('[data-act="more"]').setAttribute("aria-expanded", String(isOpen));
  };
  const reveal = (row, name) => {
    const input = name ? field(row, name) : field(row, sortOf(row));
    if (input?.closest(".more")) unfold(row, true);
    row.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    input?.focus({ preventScroll: true });
  };

  // Where a row goes when it is moved by one: past its neighbour, or into the list before or after its own.
  const stepOf = (row, direction) => {
    const sibling = direction < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (sibling) return [row.parentElement, direction < 0 ? sibling : sibling.nextElementSibling];
    const lists = [...form.querySelectorAll(`[data-rows="${sortOf(row)}"]`)];
    const list = lists[lists.indexOf(row.parentElement) + direction];
    if (!list) return null;
    return [list, direction < 0 ? null : list.firstElementChild];
  };
  const move = (row, place) => {
    if (!place) return;
    const from = placeOf(row);
    if (place[0] === from[0] && (place[1] === from[1] || place[1] === row)) return;
    const focused = document.activeElement;
    put(row, place);
    if (row.contains(focused)) focused.focus();
    row.classList.remove("just-moved");
    row.offsetWidth;
    row.classList.add("just-moved");
    did(() => put(row, from), words.moved, 0, idOf(row));
  };
  const remove = (row) => {
    const place = placeOf(row);
    const name = idOf(row);
    const next = row.nextElementSibling ?? row.previousElementSibling;
    const list = row.parentElement;
    row.remove();
    if (next) field(next, sortOf(next)).focus();
    else list.parentElement.querySelector(":scope > .add")?.focus();
    showPicked();
    did(() => put(row, place), words.removed, 0, name);
  };

  // ---- New rows, and their ids

  const taken = (sort) => new Set(rows(sort).map(idOf));
  const next = (id, known) => {
    const [, head, digits] = /^(.*?)(\d*)$/su.exec(id);
    for (let number = BigInt(digits || 0) + 1n; ; number += 1n) {
      const made = head + String(number).padStart(digits.length, "0");
      if (!known.has(made)) return made;
    }
  };
  const newId = (sort, list, after) => {
    const known = taken(sort);
    const last = after ?? list.lastElementChild;
    if (sort === "c") {
      for (let code = 65; code < 91; code += 1) if (!known.has(String.fromCharCode(code))) return String.fromCharCode(code);
    }
    if (last) return next(idOf(last), known);
    if (sort === "s") return next(idOf(list.closest('[data-row="c"]')), known);
    if (sort === "a") return next(`${idOf(list.closest('[data-row="s"]'))}.`, known);
    return next(sort === "c" ? "A" : "", known);
  };
  const make = (sort, list, after) => {
    const row = fresh(`new-${sort}`);
    field(row, sort).value = newId(sort, list, after);
    row.setAttribute("aria-label", idOf(row));
    const before = after?.nextElementSibling ?? null;
    put(row, [list, after ? before : null]);
    if (sort === "a") {
      // As the one before it: whoever writes a list writes several alike.
      const like = row.previousElementSibling;
      if (like) {
        setKind(row, field(like, "kind").value);
        for (const name of ["section", "part"]) field(row, name).value = field(like, name).value;
      }
    }
    return row;
  };
  const add = (sort, list, after) => {
    const made = [make(sort, list, after)];
    // A criterion without a sub-criterion, or that without an aspect, is no use to anybody.
    let inner = made[0];
    for (const below of { c: ["s", "a"], s: ["a"] }[sort] ?? []) inner = make(below, inner.querySelector(`[data-rows="${below}"]`));
    reveal(made[0], NAMES[sort]);
    did(() => made[0].remove(), words.added, 0, idOf(made[0]));
  };

  // ---- Kinds

  const values = new WeakMap();
  const setKind = (row, kind) => {
    const select = field(row, "kind");
    const old = row.querySelector(".of-kind");
    const known = values.get(row) ?? {};
    for (const input of old.querySelectorAll("[name]")) known[input.name] = input.value;
    values.set(row, known);
    select.value = kind;
    const now = fresh(`kind-${kind}`);
    // What another kind said stays known, and comes back with it.
    for (const input of now.querySelectorAll("[name]")) if (known[input.name]) input.value = known[input.name];
    old.replaceWith(now);
    row.querySelector(".toggle").textContent = words.kinds.find(([name]) => name === kind)[2];
    row.dataset.kind = kind;
  };
  const kindOf = (text) => {
    const plain = text.trim().toLowerCase();
    if (plain === "") return null;
    // Nothing for a word that is none of them.
    const known = words.kinds.find(([name, word]) => name === plain || word.toLowerCase() === plain);
    if (known) return known[0];
    if (["j", "judgement", "judgment", "评判", "主观", "判断"].includes(plain)) return "judgement";
    if (["m", "measurement", "测量", "客观"].includes(plain)) return "pass_fail";
    return undefined;
  };
  const setCell = (row, name, value) => {
    if (name === "kind") {
      const kind = kindOf(value);
      if (kind) setKind(row, kind);
      return;
    }
    if (name.startsWith("rung_") && value.trim() !== "") setKind(row, "judgement");
    const input = field(row, name);
    if (input) input.value = value;
  };
  // What a row is like; and putting back what an act changed, where nobody changed it since.
  const stateOf = (row) => new Map([...row.querySelectorAll("[name]")].map((input) => [input.name, input.value]));
  const isAs = (row, state) => [...state].every(([name, value]) => field(row, name)?.value === value);
  const putBack = (row, before, after) => {
    if (field(row, "kind").value === after.get("kind")) setKind(row, before.get("kind"));
    for (const [name, value] of before) {
      const input = field(row, name);
      if (input && name !== "kind" && (!after.has(name) || input.value === after.get(name))) input.value = value;
    }
  };

  // ---- Several at once

  const picked = () => rows("a").filter((row) => row.querySelector(".pick").checked);
  const control = (name) => bulk.querySelector(`[data-bulk="${name}"]`);
  const showPicked = () => {
    const count = picked().length;
    bulk.hidden = count === 0;
    bulk.querySelector(".picked").textContent = words.picked.replace("#", count);
    for (const sub of rows("s")) {
      const all = rows("a", sub).map((row) => row.querySelector(".pick").checked);
      const box = sub.querySelector(".pick-all");
      box.checked = all.length > 0 && all.every(Boolean);
      box.indeterminate = !box.checked && all.some(Boolean);
    }
    if (count > 0) showBulk();
  };
  const showBulk = () => {
    const act = control("act").value;
    const options = {
      kind: () => words.kinds.map(([name, word]) => [name, word]),
      move: () => rows("s").map((row) => [idOf(row), `${idOf(row)} ${field(row, "s_name").value}`]),
    }[act];
    control("text").hidden = Boolean(options) || ["library", "remove", "number"].includes(act);
    control("choice").hidden = !options;
    if (options) {
      const was = control("choice").value;
      control("choice").replaceChildren(...options().map(([value, label]) => new Option(label, value)));
      if ([...control("choice").options].some((one) => one.value === was)) control("choice").value = was;
    }
    if (act === "section") control("text").setAttribute("list", "known-sections");
    else if (act === "part") control("text").setAttribute("list", "known-parts");
    else control("text").removeAttribute("list");
  };
  const changeAll = (chosen, change, text = words.changed) => {
    const before = chosen.map(stateOf);
    for (const row of chosen) change(row);
    const after = chosen.map(stateOf);
    did(() => chosen.forEach((row, at) => putBack(row, before[at], after[at])), text, chosen.length);
  };
  const applyBulk = () => {
    const chosen = picked();
    const act = control("act").value;
    if (chosen.length === 0) return;
    if (act === "library") {
      openLibrary(chosen);
    } else if (act === "remove" || act === "move") {
      const places = chosen.map((row) => [row, placeOf(row)]).reverse();
      const list = rows("s").find((row) => idOf(row) === control("choice").value)?.querySelector('[data-rows="a"]');
      for (const row of chosen) {
        if (act === "remove") row.remove();
        else list?.append(row);
      }
      did(() => places.forEach(([row, place]) => put(row, place)), words.changed, chosen.length);
      showPicked();
    } else if (act === "number") {
      changeAll(chosen, (row) => {
        const sub = row.closest('[data-row="s"]');
        field(row, "a").value = `${idOf(sub)}.${rows("a", sub).indexOf(row) + 1}`;
      });
    } else if (act === "kind") {
      changeAll(chosen, (row) => setKind(row, control("choice").value));
    } else {
      changeAll(chosen, (row) => setCell(row, act, control("text").value.trim()));
    }
  };

  // ---- The library of descriptors

  let forRows = [];
  const openLibrary = (chosen) => {
    forRows = chosen;
    library.querySelector('[data-library="find"]').value = "";
    listLibrary("");
    library.showModal();
  };
  const listLibrary = (sought) => {
    const fits = ({ name, rungs }) => [name, ...rungs].some((text) => text.toLowerCase().includes(sought.trim().toLowerCase()));
    const groups = [
      [words.used, page.used],
      [words.library, page.library],
    ].map(([title, sets]) => {
      const listed = sets.filter(fits).map((set) => {
        const item = document.createElement("article");
        const [name, list, use] = ["h4", "ol", "button"].map((tag) => document.createElement(tag));
        name.textContent = set.name;
        list.start = 0;
        list.append(...set.rungs.map((rung) => Object.assign(document.createElement("li"), { textContent: rung })));
        Object.assign(use, { type: "button", className: "quiet", textContent: words.use });
        use.setAttribute("aria-label", `${words.use}: ${set.name}`);
        use.addEventListener("click", () => {
          library.close();
          changeAll(forRows, (row) => {
            setKind(row, "judgement");
            set.rungs.forEach((rung, number) => setCell(row, `rung_${number}`, rung));
          });
          if (forRows.length === 1) reveal(forRows[0], "rung_0");
        });
        item.append(name, list, use);
        return item;
      });
      if (listed.length === 0) return [];
      const heading = Object.assign(document.createElement("h3"), { textContent: title });
      return [heading, ...listed];
    });
    const all = groups.flat();
    const none = Object.assign(document.createElement("p"), { textContent: words.none });
    library.querySelector('[data-library="sets"]').replaceChildren(...(all.length > 0 ? all : [none]));
  };

  // ---- Pasting

  // Cells of a spreadsheet: tabs between them, quotes around those that hold line ends.
  const cellsOf = (text) => {
    const lines = [[]];
    const pattern = /(?:"((?:[^"]|"")*)"|([^\t\n]*))(\t|\n|$)/gu;
    for (const [, quoted, plain, end] of text.replace(/\r\n?/gu, "\n").replace(/\n+$/u, "").matchAll(pattern)) {
      lines.at(-1).push((quoted ?? "").replaceAll('""', '"') || plain || "");
      if (end === "\n") lines.push([]);
      if (end === "") break;
    }
    return lines.filter((cells) => cells.some((cell) => cell.trim() !== ""));
  };
  const paste = (event) => {
    const row = event.target.closest('[data-row="a"]');
    const first = PASTED.indexOf(event.target.name);
    const text = event.clipboardData?.getData("text/plain") ?? "";
    // Several lines are several rows only where they come from a table.
    const isTable = text.includes("\t") || /<table/iu.test(event.clipboardData?.getData("text/html") ?? "");
    if (!row || first < 0 || first > 3 || !isTable) return;
    event.preventDefault();
    const lines = cellsOf(text).slice(0, ROWS_MAX);
    const unknown = lines.filter((cells) => kindOf(cells[PASTED.indexOf("kind") - first] ?? "") === undefined).length;
    const list = row.parentElement;
    const [before, made] = [new Map(), []];
    let current = row;
    lines.forEach((cells, number) => {
      if (number > 0) {
        const following = current.nextElementSibling;
        if (following) {
          current = following;
        } else {
          current = make("a", list, current);
          made.push(current);
        }
      }
      if (!made.includes(current)) before.set(current, stateOf(current));
      cells.forEach((cell, at) => {
        const name = PASTED[first + at];
        if (name && !(name === "a" && cell.trim() === "")) setCell(current, name, cell.trim());
      });
    });
    const after = new Map([...before.keys(), ...made].map((one) => [one, stateOf(one)]));
    did(
      () => {
        // What was written into a new row since stays.
        for (const one of made) if (isAs(one, after.get(one))) one.remove();
        for (const [one, state] of before) putBack(one, state, after.get(one));
      },
      unknown > 0 ? words.pastedUnknown.replace("@", unknown) : words.pasted,
      lines.length,
    );
  };

  // ---- Dragging

  let dragged = null;
  let drop = null;
  const clearDrop = () => {
    for (const one of form.querySelectorAll(".drop-before, .drop-after, .drop-into")) one.classList.remove("drop-before", "drop-after", "drop-into");
    drop = null;
  };
  form.addEventListener("dragstart", (event) => {
    if (!event.target.classList?.contains("grip")) return;
    dragged = event.target.closest("[data-row]");
    event.dataTransfer.effectAllowed = "move";
    // Of a kind of its own: text would be dropped into a cell.
    event.dataTransfer.setData("application/x-leitai-row", idOf(dragged));
    event.dataTransfer.setDragImage(dragged.querySelector(".row-head") ?? dragged, 12, 12);
    dragged.classList.add("is-dragged");
  });
  form.addEventListener("dragover", (event) => {
    if (!dragged) return;
    const sort = sortOf(dragged);
    const over = event.target.closest(`[data-row="${sort}"]`);
    const list = event.target.closest(`[data-rows="${sort}"]`) ?? event.target.closest("section")?.querySelector(`[data-rows="${sort}"]`);
    clearDrop();
    if (over && over !== dragged) {
      const box = over.getBoundingClientRect();
      const isBefore = event.clientY < box.top + box.height / 2;
      over.classList.add(isBefore ? "drop-before" : "drop-after");
      drop = [over.parentElement, isBefore ? over : over.nextElementSibling];
    } else if (!over && list && !dragged.contains(list)) {
      list.classList.add("drop-into");
      drop = [list, null];
    }
    if (drop) event.preventDefault();
  });
  form.addEventListener("drop", (event) => {
    if (!dragged) return;
    event.preventDefault();
    if (drop) move(dragged, drop);
  });
  form.addEventListener("dragend", () => {
    dragged?.classList.remove("is-dragged");
    dragged = null;
    clearDrop();
  });

  // ---- Saving, and what survives a reload

  let isOffered = false;
  const keepDraft = () => {
    // What is offered is not written over before it was taken or dropped.
    if (isOffered) return;
    try {
      sessionStorage.setItem(kept, JSON.stringify(pairs()));
    } catch {
      // A device without room for it, or that keeps nothing: the page itself still holds it all.
    }
  };
  const dropDraft = () => {
    try {
      sessionStorage.removeItem(kept);
    } catch {
      // Then there is none.
    }
  };
  const draft = () => {
    try {
      return JSON.parse(sessionStorage.getItem(kept) ?? "null");
    } catch {
      return null;
    }
  };
  let isSending = false;
  const save = async () => {
    if (isSending) return;
    // Notes are as old as the last check: where more was typed since, the server decides.
    const first = isChecked && checked.notes.find((note) => note.is_unreadable);
    if (first) {
      say(words.unreadable);
      goTo(first);
      return;
    }
    clearTimeout(waiting);
    isSending = true;
    say(words.saving);
    const sent = pairs();
    try {
      const answer = await fetch(api, {
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/json" },
        body: JSON.stringify(sent),
      });
      if (answer.ok) {
        const { version, seen } = await answer.json();
        field(form, "seen").value = seen;
        // What was typed while it was sent is not saved yet.
        isUnsaved = JSON.stringify(sent.filter(([name]) => name !== "seen")) !== JSON.stringify(pairs().filter(([name]) => name !== "seen"));
        if (isUnsaved) keepDraft();
        else dropDraft();
        say(words.saved, version);
        check();
      } else if (![409, 422].includes(answer.status)) {
        keepDraft();
        const { detail } = await answer.json().catch(() => ({}));
        say(`${words.refused}${detail ?? answer.status}`);
      } else {
        // The page says why, with all that was typed.
        keepDraft();
        isUnsaved = false;
        const act = Object.assign(document.createElement("input"), { type: "hidden", name: "act", value: "save" });
        form.append(act);
        form.submit();
      }
    } catch {
      keepDraft();
      say(words.offline);
    } finally {
      isSending = false;
    }
  };
  let shownNote = -1;
  const goTo = (note) => {
    const row = rowOf(note);
    if (row) reveal(row, note.cell && note.cell !== "id" && field(row, note.cell) ? note.cell : undefined);
    else form.querySelector(".row-notes").scrollIntoView({ block: "center" });
  };

  // ---- Listening

  const acts = {
    undo,
    up: (row) => move(row, stepOf(row, -1)),
    down: (row) => move(row, stepOf(row, 1)),
    remove,
    more: (row) => unfold(row, !row.classList.contains("is-open")),
    library: (row) => openLibrary([row]),
    "add-c": () => add("c", form.querySelector('[data-rows="c"]')),
    "add-s": (row) => add("s", row.querySelector('[data-rows="s"]')),
    "add-a": (row) => add("a", row.querySelector('[data-rows="a"]')),
    "add-n": () => add("n", form.querySelector('[data-rows="n"]')),
    "add-p": () => add("p", form.querySelector('[data-rows="p"]')),
    bulk: applyBulk,
    "bulk-none": () => {
      for (const row of picked()) row.querySelector(".pick").checked = false;
      showPicked();
    },
    "library-no": () => library.close(),
    next: () => {
      if (checked.notes.length === 0) return;
      shownNote = (shownNote + 1) % checked.notes.length;
      goTo(checked.notes[shownNote]);
    },
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-act]");
    if (button) acts[button.dataset.act]?.(button.closest("[data-row]"));
  });
  let lastPicked = null;
  form.addEventListener("click", (event) => {
    if (!event.target.classList.contains("pick")) return;
    // With Shift, all between the one before and this one.
    if (event.shiftKey && lastPicked) {
      const boxes = [...form.querySelectorAll(".pick")];
      const [from, to] = [boxes.indexOf(lastPicked), boxes.indexOf(event.target)].sort((a, b) => a - b);
      for (const box of boxes.slice(Math.max(from, 0), to + 1)) box.checked = event.target.checked;
    }
    lastPicked = event.target;
  });
  form.addEventListener("change", (event) => {
    const { target } = event;
    if (target.classList.contains("pick-all")) {
      for (const row of rows("a", target.closest('[data-row="s"]'))) row.querySelector(".pick").checked = target.checked;
    }
    if (target.classList.contains("pick") || target.classList.contains("pick-all")) {
      showPicked();
    } else if (target.name === "kind") {
      const row = target.closest('[data-row="a"]');
      const was = row.dataset.kind;
      setKind(row, target.value);
      did(() => setKind(row, was), words.changed, 1);
    }
  });
  form.addEventListener("input", (event) => {
    if (!event.target.name || event.target.name === "kind") return;
    const row = event.target.closest("[data-row]");
    if (row && event.target.name === sortOf(row)) row.setAttribute("aria-label", event.target.value);
    state.textContent = words.unsaved;
    changed();
  });
  form.addEventListener("paste", paste);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  bulk.addEventListener("change", showBulk);
  library.querySelector('[data-library="find"]').addEventListener("input", (event) => listLibrary(event.target.value));

  const isText = (element) => element.matches?.("input:not([type=checkbox]), textarea, select");
  document.addEventListener("keydown", (event) => {
    // An input method's own keys are its own; 229 is what some browsers say instead.
    if (event.isComposing || event.keyCode === 229 || library.open) return;
    const isControl = event.ctrlKey || event.metaKey;
    const row = event.target.closest?.("#scheme [data-row]");
    const { key } = event;
    if (isControl && key.toLowerCase() === "s") {
      event.preventDefault();
      save();
    } else if (isControl && !event.shiftKey && key.toLowerCase() === "z" && !isText(event.target)) {
      event.preventDefault();
      undo();
    } else if (row && event.altKey && (key === "ArrowUp" || key === "ArrowDown")) {
      event.preventDefault();
      move(row, stepOf(row, key === "ArrowUp" ? -1 : 1));
    } else if (row && event.altKey && key === "Delete") {
      event.preventDefault();
      remove(row);
    } else if (row && isControl && key === "Enter") {
      event.preventDefault();
      add(sortOf(row), row.parentElement, row);
    } else if (row && key === "Enter" && !event.shiftKey && !event.altKey && isText(event.target) && !event.target.closest(".more")) {
      event.preventDefault();
      const following = row.nextElementSibling;
      const { name } = event.target;
      if (following) field(following, name)?.focus();
      else if (sortOf(row) === "a" && field(row, "description").value.trim() !== "") add("a", row.parentElement, row);
    }
  });

  addEventListener("beforeunload", (event) => {
    if (!isUnsaved) return;
    keepDraft();
    event.preventDefault();
  });

  // What was not saved before a reload is offered, and never taken unasked.
  const offer = () => {
    const left = draft();
    if (isUnsaved || !left) return;
    const same = (all) => JSON.stringify(all.filter(([name]) => name !== "seen"));
    if (same(left) === same(pairs())) {
      dropDraft();
      return;
    }
    const note = Object.assign(document.createElement("p"), { className: "draft-left", textContent: words.draft });
    note.setAttribute("role", "status");
    const button = (text, then) => {
      const made = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: text });
      made.addEventListener("click", then);
      return made;
    };
    note.append(
      button(words.draftYes, () => {
        const back = Object.assign(document.createElement("form"), { method: "post", action: form.action, hidden: true });
        for (const [name, value] of [...left, ["act", "look"]]) {
          const input = document.createElement("textarea");
          [input.name, input.value] = [name, value];
          back.append(input);
        }
        document.body.append(back);
        back.submit();
      }),
      button(words.draftNo, () => {
        isOffered = false;
        dropDraft();
        note.remove();
      }),
    );
    isOffered = true;
    form.before(note);
  };

  showNotes();
  showKnown();
  showPicked();
  offer();
})();
