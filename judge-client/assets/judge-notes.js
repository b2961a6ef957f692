// A judge's notes and photos of a cell (docs/adr/0014): written and shrunk here, kept in this browser
// before they are called saved, and sent behind the marks, one at a time. The app loads this when
// somebody is signed in, says whose notes are meant and when they may be sent, and shows how many wait.

const TEXT_MAX = 500;
const PHOTOS_MAX = 4;
const SIDE_MAX = 1600;
const PHOTO_BYTES = 300 * 1024;
// Photos leave room for marks: that much stays free, and no more than so many wait at once.
const RESERVE_BYTES = 16 * 1024 * 1024;
const WAITING_PHOTOS_MAX = 60;
const THUMB_SIDE = 240;
const ANSWER_MS = 60_000;
const REST_MS = [2_000, 60_000];
const REPEAT_MS = 300;
const TABLE = "kept";

const isEnglish = () => document.documentElement.lang.startsWith("en");
const say = (chinese, english) => (isEnglish() ? english : chinese);

// Whose they are, all of theirs by id, and the dialog that is open.
let seat = null;
let kept = new Map();
let shown = null;
let tell = () => {};
let isLasting = true;
// What encrypts words and pictures here, where there is a key for it (docs/adr/0016).
let key = null;
let ofOthers = 0;
let maySend = false;
let isSending = false;
let isListed = false;
let rest = REST_MS[0];
let timer;
let database;

// ---- kept in this browser: beside what the app keeps, under names of their own

const opened = () =>
  (database ??= new Promise((done, failed) => {
    const asked = indexedDB.open("leitai");
    asked.onupgradeneeded = () => asked.result.createObjectStore(TABLE);
    asked.onerror = () => failed(asked.error);
    asked.onsuccess = () => {
      asked.result.onclose = () => (database = null);
      done(asked.result);
    };
  }).catch((error) => {
    database = null;
    throw error;
  }));

const beginning = ({ ledger, judge }) => `note:${ledger}:${judge}:`;

// Done once it is on the disk.
const write = async (change) => {
  if (!isLasting) return;
  const place = await opened();
  await new Promise((done, failed) => {
    const writing = place.transaction(TABLE, "readwrite", { durability: "strict" });
    change(writing.objectStore(TABLE));
    writing.oncomplete = done;
    writing.onabort = writing.onerror = () => failed(writing.error ?? new Error("not written"));
  });
};

const read = async (whose) => {
  if (!isLasting) return [];
  const place = await opened();
  const name = beginning(whose);
  return new Promise((done, failed) => {
    const asked = place.transaction(TABLE).objectStore(TABLE).getAll(IDBKeyRange.bound(name, `${name}\u{10ffff}`));
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
};

// How many of other judges' wait here: only they send them, and nobody else reads them.
const countOthers = async (whose) => {
  if (!isLasting) return 0;
  const place = await opened();
  return new Promise((done, failed) => {
    let count = 0;
    const asked = place.transaction(TABLE).objectStore(TABLE).openCursor(IDBKeyRange.bound("note:", "note:\u{10ffff}"));
    asked.onerror = () => failed(asked.error);
    asked.onsuccess = () => {
      const found = asked.result;
      if (!found) return done(count);
      if (isUnsent(found.value) && !found.key.startsWith(beginning(whose))) count += 1;
      found.continue();
    };
  });
};

// A note as it is kept: where it belongs and how it stands can be read, its words and pictures cannot.
const closed = async (name, note) => {
  if (!key) return note;
  const { text, thumb, bytes, ...rest } = note;
  const inside = await leitaiKeys.close(key, name, JSON.stringify({ text, thumb }));
  // Of one that waits others may count that it does.
  return { ...rest, inside, bytes: bytes && (await leitaiKeys.close(key, `${name}:photo`, bytes)) };
};
const openedNote = async (name, { inside, ...note }) => {
  if (!inside) return note;
  const bytes = note.bytes && (await leitaiKeys.openBytes(key, `${name}:photo`, note.bytes));
  return { ...note, ...JSON.parse(await leitaiKeys.open(key, name, inside)), bytes };
};

const keep = async (note) => {
  const name = beginning(seat) + note.id;
  const as = await closed(name, note);
  await write((table) => table.put(as, name));
};
const forget = async (note) => {
  kept.delete(note.id);
  await write((table) => table.delete(beginning(seat) + note.id));
};

const isUnsent = ({ state }) => state === "saved" || state === "gone";
const all = () => [...kept.values()];
const of = (cell) =>
  all()
    .filter((note) => note.state !== "gone" && note.competitor === cell.competitor && note.aspect === cell.aspect)
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));

const changed = () => {
  tell(all().filter(isUnsent).length, all().filter(({ state }) => state === "refused").length);
  shown?.draw();
};

// As the server's own ids: 48 bits of time, then chance.
const newId = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  new DataView(bytes.buffer).setUint16(0, Math.floor(Date.now() / 2 ** 32));
  new DataView(bytes.buffer).setUint32(2, Date.now() % 2 ** 32);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
};

// Kept first, and only then called so.
const add = async (note) => {
  const made = { id: newId(), at: Date.now(), state: "saved", ...note };
  await keep(made);
  kept.set(made.id, made);
  changed();
  send();
};

// What it said is gone here at once, and at the server as soon as it hears of it.
const takeBack = async ({ id, competitor, aspect, at }) => {
  const gone = { id, competitor, aspect, at, state: "gone" };
  await keep(gone);
  kept.set(id, gone);
  changed();
  send();
};

// ---- sent

class Later extends Error {}

// The answer to a note's request, where it is the server's own: a captive portal answers anything.
const ask = async (method, path, query, body, type) => {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), ANSWER_MS);
  try {
    const headers = { accept: "application/json", "accept-language": document.documentElement.lang };
    if (type) headers["content-type"] = type;
    const given = { method, headers, body, redirect: "error", signal: stop.signal };
    const answer = await fetch(`/api/judge/${path}?${new URLSearchParams(query)}`, given);
    return { status: answer.status, said: await answer.json() };
  } catch {
    throw new Later();
  } finally {
    clearTimeout(late);
  }
};

const sendOne = async (note, whose) => {
  const { id, competitor, aspect, at, state } = note;
  const place = { ...whose, competitor, aspect, made_at: at };
  const isPhoto = Boolean(note.bytes);
  const { status, said } =
    state === "gone"
      ? await ask("DELETE", `notes/${id}`, whose)
      : isPhoto
        ? await ask("PUT", `photos/${id}`, place, note.bytes, "image/jpeg")
        : await ask("PUT", `notes/${id}`, place, JSON.stringify({ text: note.text }), "application/json");
  const isStored = status === 200 && said.id === id;
  const isNothing = said.code === (state === "gone" ? "not_found" : "note_taken_back");
  if (seat !== whose || kept.get(id) !== note) return;
  if (isNothing || (state === "gone" && isStored)) {
    await forget(note);
  } else if (isStored) {
    const { bytes: _, ...received } = { ...note, state: "received" };
    kept.set(id, received);
    await keep(received);
  } else if (said.code && status >= 400 && status < 500 && ![401, 403, 408, 429].includes(status)) {
    const refused = { ...note, state: "refused", why: said.detail };
    kept.set(id, refused);
    await keep(refused);
  } else {
    throw new Later();
  }
};

// Takes over what other devices of this judge sent, and sends again what a restored server lacks.
const compare = async (whose) => {
  const { status, said } = await ask("GET", "notes", whose);
  if (status !== 200 || !Array.isArray(said.notes)) throw new Later();
  if (seat !== whose) return;
  const there = new Map(said.notes.map((note) => [note.id, note]));
  for (const { id, competitor, aspect, made_at: at, text, is_photo: isPhoto } of there.values()) {
    if (kept.has(id)) continue;
    kept.set(id, { id, competitor, aspect, at, text, isPhoto, state: "received" });
    await keep(kept.get(id));
  }
  for (const note of all()) {
    if (note.state !== "received" || there.has(note.id)) continue;
    if (note.isPhoto) await forget(note);
    else kept.set(note.id, { ...note, state: "saved" });
  }
  isListed = true;
};

const next = () => {
  const waiting = all().filter(isUnsent);
  return waiting.find(({ state }) => state === "gone") ?? waiting.find(({ isPhoto }) => !isPhoto) ?? waiting[0];
};

const send = async () => {
  if (isSending || !maySend || !seat) return;
  isSending = true;
  clearTimeout(timer);
  const whose = seat;
  try {
    while (maySend && seat === whose && (next() || !isListed)) {
      const note = next();
      await (note ? sendOne(note, whose) : compare(whose));
      rest = REST_MS[0];
      if (seat === whose) changed();
    }
  } catch {
    // Whatever went wrong, all of it is kept, and tried again.
    timer = setTimeout(send, rest);
    rest = Math.min(rest * 2, REST_MS[1]);
  }
  isSending = false;
  if (seat !== whose) send();
};

// ---- photos

// What the camera wrote beside the picture is not drawn, and what a browser adds is cut out again.
const bare = (bytes) => {
  const parts = [bytes.subarray(0, 2)];
  let at = 2;
  while (bytes[at] === 0xff && bytes[at + 1] !== 0xda && at + 4 <= bytes.length) {
    const end = at + 2 + ((bytes[at + 2] << 8) | bytes[at + 3]);
    const marker = bytes[at + 1];
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const isNeeded = marker < 0xe0 || (marker > 0xef && marker !== 0xfe) || ["JFIF", "ICC_", "Adob"].includes(name);
    if (isNeeded) parts.push(bytes.subarray(at, end));
    at = end;
  }
  parts.push(bytes.subarray(at));
  return new Blob(parts, { type: "image/jpeg" });
};

const drawn = (picture, side) => {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
};

const coded = (canvas, quality) =>
  new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("no picture"))), "image/jpeg", quality));

const shrunk = async (file) => {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  let canvas = drawn(picture, SIDE_MAX);
  const thumb = drawn(picture, THUMB_SIDE).toDataURL("image/jpeg", 0.6);
  picture.close();
  for (let quality = 0.85; ; quality -= 0.1) {
    const blob = bare(new Uint8Array(await (await coded(canvas, quality)).arrayBuffer()));
    if (blob.size <= PHOTO_BYTES) return { bytes: await blob.arrayBuffer(), thumb };
    if (quality < 0.4) [canvas, quality] = [drawn(canvas, Math.max(canvas.width, canvas.height) * 0.75), 0.85];
  }
};

const hasRoom = async () => {
  const { quota = Infinity, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  return quota - usage > RESERVE_BYTES && all().filter(({ bytes }) => bytes).length < WAITING_PHOTOS_MAX;
};

// ---- shown

const el = (name, { label, ...given } = {}, ...inside) => {
  const made = Object.assign(document.createElement(name), given);
  if (label) made.setAttribute("aria-label", label);
  made.append(...inside.filter((part) => part != null));
  return made;
};

const clock = (at) => new Date(at).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });

const standing = ({ state, why }) => {
  if (state === "received") return say("✓ 服务器已收到", "✓ Received by the server");
  if (state === "refused") return `⚠ ${say("服务器没有收下：", "The server did not take it: ")}${why}`;
  return isLasting ? say("◔ 已存本机", "◔ Saved on this device") : say("◔ 只在本页", "◔ On this page only");
};

// Two taps of one finger are one.
const onTap = (act) => {
  let last = -Infinity;
  return (event) => {
    if (event.detail !== 0 && event.timeStamp - last < REPEAT_MS) return;
    last = event.timeStamp;
    act(event);
  };
};

// A note with what can be done to it: asked first, then done.
const line = (note, isSure, ask, whenWrong) => {
  const words = isSure ? say("确定收回？内容会被删除", "Sure? It is erased") : say("收回", "Take back");
  const act = onTap(() => {
    if (isSure) takeBack(note).catch(whenWrong);
    else ask(note);
  });
  const picture =
    note.isPhoto &&
    el("img", {
      src: note.thumb ?? `/api/judge/photos/${note.id}`,
      alt: `${say("照片", "Photo")} ${clock(note.at)}`,
      loading: "lazy",
    });
  const shows = el(
    "li",
    { className: note.state },
    picture ? el("div", { className: "picture" }, picture) : el("p", { className: "text" }, note.text),
    el("p", { className: "quiet" }, `${clock(note.at)} · ${standing(note)}`),
    el("button", { type: "button", onclick: act, label: `${words}: ${note.text || clock(note.at)}` }, words),
  );
  shows.dataset.id = note.id;
  return shows;
};

// Opens the notes of a cell over the page.
const show = (competitor, aspect, about) => {
  if (shown) return;
  const whose = seat;
  const cell = { competitor, aspect };
  const draft = `note:${whose.ledger}:${whose.judge}:${competitor}:${aspect}`;
  const sure = new Set();
  const lines = new Map();
  const sureOf = (note) => {
    sure.add(note.id);
    shown.draw();
  };
  const list = el("ul");
  const none = el("p", { className: "quiet" }, say("这里还没有备注和照片。", "No notes or photos here yet."));
  const status = el("p", { className: "problem" });
  status.setAttribute("role", "alert");
  const text = el("textarea", { rows: 3, maxLength: TEXT_MAX, value: sessionStorage.getItem(draft) ?? "" });
  const count = el("span", { className: "quiet" });
  const save = el("button", { type: "button", className: "primary" }, say("存下备注", "Save the note"));
  const photos = el("span", { className: "quiet" });
  const tooFull = say(
    "本机空间不够，没有存下。评分不受影响；请连网，等照片传完再加。",
    "This device has no room, and it was not saved. Marks are not affected; connect and let photos be sent, then add it again.",
  );
  const wrong = () => (status.textContent = tooFull);
  const typed = () => {
    sessionStorage.setItem(draft, text.value);
    count.textContent = `${text.value.length}/${TEXT_MAX}`;
    save.disabled = !text.value.trim();
  };
  text.oninput = typed;
  save.onclick = onTap(async () => {
    if (save.disabled) return;
    save.disabled = true;
    status.textContent = "";
    try {
      await add({ ...cell, text: text.value.trim() });
      text.value = "";
    } catch {
      wrong();
    }
    typed();
  });
  const choose = (words, capture) => {
    const input = el("input", { type: "file", accept: "image/*" });
    if (capture) input.setAttribute("capture", "environment");
    input.onchange = async () => {
      const [file] = input.files;
      if (!file) return;
      status.textContent = say("正在缩小照片……", "Shrinking the photo …");
      let made = null;
      try {
        made = await shrunk(file);
      } catch {
        status.textContent = say(
          "读不出这张图片；请重新拍摄，或选一张 JPEG、PNG 图片。",
          "This picture cannot be read; take it again, or choose a JPEG or PNG.",
        );
      }
      input.value = "";
      if (!made || seat !== whose) return;
      try {
        if (!(await hasRoom())) throw new Error("no room");
        await add({ ...cell, ...made, isPhoto: true, text: "" });
        status.textContent = "";
      } catch {
        wrong();
      }
    };
    return el("label", { className: "button" }, input, words);
  };
  const chosen = [choose(say("拍照", "Take a photo"), true), choose(say("选照片", "Choose a photo"), false)];
  const draw = () => {
    const notes = of(cell);
    const inHand = document.activeElement?.closest("li")?.dataset.id;
    // What did not change stays the same element, under a finger too.
    const drawn = notes.map((note) => {
      const before = lines.get(note.id);
      const isSure = sure.has(note.id);
      if (before?.note === note && before.isSure === isSure) return before.element;
      const element = line(note, isSure, sureOf, wrong);
      lines.set(note.id, { note, isSure, element });
      return element;
    });
    if (drawn.length !== list.children.length || drawn.some((element, at) => element !== list.children[at])) {
      list.replaceChildren(...drawn);
      if (inHand) (list.querySelector(`[data-id="${inHand}"] button`) ?? text).focus();
    }
    none.hidden = notes.length > 0;
    const there = notes.filter(({ isPhoto }) => isPhoto).length;
    photos.textContent = `${say("照片", "Photos")} ${there}/${PHOTOS_MAX}`;
    for (const label of chosen) label.firstChild.disabled = there >= PHOTOS_MAX;
  };
  const close = el("button", { type: "button", className: "close" }, say("完成", "Done"));
  const heading = el("h2", { id: "notes-of" }, `${say("备注", "Notes")} · ${competitor} · ${aspect}`);
  const seenBy = say(
    "只有您、本赛项裁判长和组委会看得到；不影响得分。请不要写姓名。",
    "Seen by you, this skill's chief judge and the organisers; it changes no mark. Write no names.",
  );
  const dialog = el(
    "dialog",
    { className: "notes" },
    el("header", {}, heading, close),
    el("p", {}, about),
    el("label", { className: "field" }, el("span", {}, say("写备注", "Write a note"), " ", count), text),
    el("p", { className: "acts" }, save, ...chosen, photos),
    status,
    none,
    list,
    el("p", { className: "quiet" }, seenBy),
  );
  if (ofOthers) {
    const left = say(
      `这台设备上还有别的裁判的 ${ofOthers} 条备注没有上传；请那位裁判在这台设备上重新登录。`,
      `Another judge's notes wait on this device: ${ofOthers}. That judge signs in here again to send them.`,
    );
    dialog.append(el("p", { className: "notice-box attention" }, left));
  }
  dialog.setAttribute("aria-labelledby", heading.id);
  close.onclick = () => dialog.close();
  dialog.onclose = () => {
    dialog.remove();
    shown = null;
  };
  document.body.append(dialog);
  shown = { draw, dialog };
  draw();
  typed();
  dialog.showModal();
};

// ---- for the app

const face = {
  // How many there are on a cell, with a sign where not all of them are received.
  count(competitor, aspect) {
    const notes = of({ competitor, aspect });
    const sign = notes.some(({ state }) => state === "refused") ? " ⚠" : notes.some(isUnsent) ? " ◔" : "";
    return notes.length ? `${notes.length}${sign}` : "";
  },
  show,
  // Nobody reads on while the screen is locked.
  close() {
    shown?.dialog.close();
  },
  // Marks go first: nothing is sent while some wait.
  may(is) {
    maySend = is;
    if (is) send();
  },
};

// Reads what is kept of a judge's in a skill, and goes on sending it. Throws where it cannot be read.
export const open = async (ledger, judge, lasting, seal, told) => {
  shown?.dialog.close();
  seat = null;
  tell = told;
  isLasting = lasting;
  key = seal;
  const whose = { ledger, judge };
  const notes = await Promise.all((await read(whose)).map((note) => openedNote(beginning(whose) + note.id, note)));
  ofOthers = await countOthers(whose);
  kept = new Map(notes.map((note) => [note.id, note]));
  [seat, isListed] = [whose, false];
  changed();
  send();
  return face;
};
