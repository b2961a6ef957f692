// Marks as the peers keep them: looked at, then a row each.
const ASPECT = /^A([1-9]|1[0-9]|20)\.(0[1-9]|10)$/;
const COMPETITOR = /^C0([0-3][1-9]|[1-3]0|40)$/;
const JUDGE = /^J[1-3]$/;
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const EPOCH = "feed0000000000000000000000000001";
const HASH = "0".repeat(64);

export class Marks {
  constructor(database) {
    database.pragma("journal_mode = WAL");
    database.pragma("synchronous = FULL");
    database.exec(`CREATE TABLE IF NOT EXISTS mark (
      seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, device TEXT NOT NULL, dseq INTEGER NOT NULL,
      entry TEXT NOT NULL)`);
    this.insert = database.prepare("INSERT INTO mark (id, device, dseq, entry) VALUES (?, ?, ?, ?)");
    this.last = database.prepare("SELECT MAX(dseq) AS last FROM mark WHERE device = ?");
    this.known = new Map();
  }

  /** A connection of a device. */
  greet({ device, nonce }) {
    if (!this.known.has(device)) this.known.set(device, this.last.get(device).last ?? 0);
    const known = this.known;
    const common = { epoch: EPOCH, nonce, safe_dseq: 0 };
    return {
      device,
      welcome: { v: 1, type: "welcome", body: {
        ...common, last_dseq: known.get(device), ledger: "skill", proto: 1, server_time: Date.now(),
      } },
      ack: (receipts) => ({ v: 1, type: "ack", body: {
        device, ...common, receipts, upto_dseq: known.get(device),
      } }),
    };
  }

  /** Enters a mark; outside an explicit transaction that is a commit of its own. */
  enter({ device }, submission) {
    const { id, dseq, base, body } = submission;
    const { aspect, competitor, judge, round, value } = body.mark;
    const number = Number(value.number);
    const isFit = ID.test(id) && (base === null || ID.test(base)) && dseq === this.known.get(device) + 1
      && ASPECT.test(aspect) && COMPETITOR.test(competitor) && JUDGE.test(judge) && round === 1
      && (aspect >= "A16" || number <= 3) && number >= 0;
    if (!isFit) throw new Error(`an unfit mark: ${JSON.stringify(submission)}`);
    const entry = JSON.stringify({ ...submission, device, server_time: Date.now(), status: "accepted" });
    const { lastInsertRowid } = this.insert.run(id, device, dseq, entry);
    this.known.set(device, dseq);
    return { code: null, hash: HASH, id, seq: lastInsertRowid, status: "accepted" };
  }
}

/** What spectators are told of the mark of that number: about so many bytes of JSON. */
export function tell(seq, { body }, bytes) {
  const { competitor } = body.mark;
  const told = {
    type: "patch", rev: seq,
    patch: { as_of: Date.now(), progress: { done: seq, of: 8000 }, rows: { [competitor]: { total: "12.34" } } },
  };
  const filled = JSON.stringify(told).length + ',"more":""'.length;
  return { ...told, more: "x".repeat(Math.max(0, bytes - filled)) };
}
