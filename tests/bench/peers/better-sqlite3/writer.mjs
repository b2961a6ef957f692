// The peer of `cargo xtask bench writer`: what a team would write on Node. One process takes marks
// from N submitters and commits each by itself, in WAL mode with synchronous = FULL.
//
// It does less than Leitai for a mark: no rules, no hash chain, no state; only the row.
//
// node writer.mjs FILE SUBMITTERS SECONDS
import Database from "better-sqlite3";

const [file, submitters, seconds] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const WARM_UP_MS = 300;

const database = new Database(file);
database.pragma("journal_mode = WAL");
database.pragma("synchronous = FULL");
database.exec(`CREATE TABLE ledger_entry (
    ledger_id TEXT NOT NULL, seq BIGINT NOT NULL, entry_id TEXT NOT NULL UNIQUE,
    device_id TEXT NOT NULL, dseq BIGINT NOT NULL, hash TEXT NOT NULL, entry TEXT NOT NULL,
    PRIMARY KEY (ledger_id, seq), UNIQUE (device_id, dseq))`);
const insert = database.prepare("INSERT INTO ledger_entry VALUES (?, ?, ?, ?, ?, ?, ?)");
const HASH = "0".repeat(64);
let seq = 0;

// Outside an explicit transaction a statement is a transaction of its own.
function enter(mark) {
  seq += 1;
  const entry = JSON.stringify({ ...mark, prev: HASH, seq, server_time: Date.now(), status: "accepted", v: 1 });
  insert.run("skill-1", seq, mark.id, mark.device, mark.dseq, HASH, entry);
}

const queue = [];
let isWriting = false;

function submit(mark) {
  return new Promise((resolve) => {
    queue.push({ mark, resolve });
    if (!isWriting) write();
  });
}

async function write() {
  isWriting = true;
  let at = 0;
  while (at < queue.length) {
    const { mark, resolve } = queue[at];
    at += 1;
    enter(mark);
    resolve();
    await null;
    if (at === 64) {
      queue.splice(0, at);
      at = 0;
      // Lets timers and sockets live, as a server must.
      await new Promise(setImmediate);
    }
  }
  queue.length = 0;
  isWriting = false;
}

const latencies = [];
const begin = performance.now() + WARM_UP_MS;
const end = begin + seconds * 1000;

async function submitter(number) {
  for (let dseq = 1; ; dseq += 1) {
    const id = `${(Date.now() * 4096).toString(16).padStart(16, "0")}-${number}-${dseq}`.padEnd(36, "0");
    const sent = performance.now();
    if (sent >= end) return;
    await submit({
      actor: "J1", base: null,
      body: { mark: { aspect: "A1.01", competitor: "C001", judge: "J1", round: 1, value: { number: "0.25" } } },
      client_time: Date.now(), code: null, device: `tablet-skill-1-${number}`, dseq, id,
      ledger: "skill-1", role: "judge", second: null,
    });
    if (sent >= begin) latencies.push(performance.now() - sent);
  }
}

await Promise.all(Array.from({ length: submitters }, (_, number) => submitter(number)));
latencies.sort((a, b) => a - b);
const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))];
const sqlite = database.prepare("SELECT sqlite_version() AS version").get().version;
const microseconds = (ms) => Math.round(ms * 1000);
console.log(JSON.stringify({
  entries: latencies.length,
  entries_per_s: Math.round(latencies.length / seconds),
  p50_us: microseconds(at(0.5)),
  p99_us: microseconds(at(0.99)),
  commits: latencies.length,
  bytes_per_entry: Math.round(database.prepare("SELECT AVG(LENGTH(entry)) AS bytes FROM ledger_entry").get().bytes),
  version: `node ${process.versions.node}, SQLite ${sqlite}`,
}));
