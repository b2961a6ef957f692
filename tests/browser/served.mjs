// The built program as an organiser starts it, and judges' tablets that mark at it.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const EXAMPLE = fileURLToPath(new URL("../../docs/examples/contest", import.meta.url));
const ADDRESS = /https?:\/\/127\.0\.0\.1:(\d+)/;
const SECRET = /一次性密钥 (\S+) /;

const { LEITAI_BIN, LEITAI_TABLET } = process.env;

// A child whose lines, of what it answers or of what it says to people, are read one by one.
class Child {
  constructor(program, words, { speaks = "stdout", ...options } = {}) {
    const stdio = speaks === "stdout" ? ["pipe", "pipe", "inherit"] : ["pipe", "ignore", "pipe"];
    this.process = spawn(program, words, { stdio, ...options });
    this.lines = createInterface({ input: this.process[speaks] })[Symbol.asyncIterator]();
    this.ended = new Promise((resolve) => this.process.once("exit", resolve));
  }

  async line() {
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`${this.process.spawnfile} ended`);
    return value;
  }

  async kill(signal) {
    this.process.kill(signal);
    await this.ended;
  }
}

// A server with a database of its own, started with further words.
export class Served {
  constructor(...words) {
    this.words = words;
    this.scheme = words.includes("--tls-own") ? "https" : "http";
    this.folder = mkdtempSync(join(tmpdir(), "leitai-journey-"));
    this.port = 0;
  }

  // Starts it, the first time on any free port and then on that one; gives the one-time secret where
  // there is no account yet.
  async start() {
    if (!LEITAI_BIN || !LEITAI_TABLET) throw new Error("run these by `cargo xtask browser`");
    const words = ["serve", "--listen", `127.0.0.1:${this.port}`, "--database", join(this.folder, "contest.db"), ...this.words];
    const env = { ...process.env, LANG: "zh_CN.UTF-8", LEITAI_LOG: "warn" };
    this.child = new Child(LEITAI_BIN, words, { speaks: "stderr", cwd: this.folder, env });
    for (;;) {
      const line = await this.child.line();
      this.port ||= Number(ADDRESS.exec(line)?.[1] ?? 0);
      const secret = SECRET.exec(line)?.[1];
      // The last line, once there is an account.
      if (secret || (this.hasAccount && line.includes("RLIMIT_NOFILE"))) return secret;
    }
  }

  get base() {
    return `${this.scheme}://127.0.0.1:${this.port}`;
  }

  // As a power cut ends it.
  cut() {
    return this.child.kill("SIGKILL");
  }

  async stop() {
    if (this.child) await this.child.kill("SIGTERM");
    rmSync(this.folder, { recursive: true, force: true });
  }

  // The example of a package, as one file.
  package() {
    const zip = join(this.folder, "contest.zip");
    execFileSync("python3", ["-m", "zipfile", "-c", zip, "competition.toml", "rule_set.toml", "skills"], { cwd: EXAMPLE });
    return zip;
  }

  // What the program says to `ledger verify` of an export.
  verify(zip) {
    const folder = join(this.folder, "exported");
    execFileSync("python3", ["-m", "zipfile", "-e", zip, folder]);
    return execFileSync(LEITAI_BIN, ["ledger", "verify", "--lang", "en", folder], { encoding: "utf8" });
  }

  // A judge's tablet, signed in by a card.
  async tablet(code, pin) {
    const child = new Child(LEITAI_TABLET, [`127.0.0.1:${this.port}`, code, pin]);
    if ((await child.line()) !== "ready") throw new Error("the tablet is not ready");
    return {
      // Tells the tablet what to mark, and waits until the server has it.
      async say(words) {
        child.process.stdin.write(`${words}\n`);
        const answer = await child.line();
        if (!answer.startsWith("received")) throw new Error(answer);
        return Number(answer.split(" ")[1]);
      },
      async stop() {
        child.process.stdin.end();
        await child.ended;
      },
    };
  }
}

// The same server behind another port, where the judge's app can be given a newer version.
export class Renewed {
  constructor(served) {
    this.served = served;
    this.version = "";
  }

  async start() {
    const { port } = this.served;
    const headers = (given) => ({ ...given, host: `127.0.0.1:${port}`, ...(given.origin && { origin: this.served.base }) });
    this.server = createServer((asked, answer) => {
      const isWorker = asked.url === "/judge/worker.js";
      const options = { port, method: asked.method, path: asked.url, headers: { ...headers(asked.headers), ...(isWorker && { "accept-encoding": "identity" }) } };
      const on = request(options, (given) => {
        if (!isWorker) return void given.pipe(answer.writeHead(given.statusCode, given.headers));
        let text = "";
        given.on("data", (part) => (text += part));
        given.on("end", () => {
          const { "content-length": _, ...rest } = given.headers;
          answer.writeHead(given.statusCode, rest).end(text.replace('VERSION = "', `VERSION = "${this.version}`));
        });
      });
      on.on("error", () => answer.destroy());
      asked.pipe(on);
    });
    this.upgraded = new Set();
    this.server.on("upgrade", (asked, socket) => {
      this.upgraded.add(socket);
      const on = connect(port, "127.0.0.1", () => {
        const lines = Object.entries(headers(asked.headers)).map(([name, value]) => `${name}: ${value}`);
        on.write([`${asked.method} ${asked.url} HTTP/1.1`, ...lines, "", ""].join("\r\n"));
        on.pipe(socket).pipe(on);
      });
      on.on("error", () => socket.destroy());
      socket.on("error", () => on.destroy());
    });
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.base = `http://127.0.0.1:${this.server.address().port}`;
  }

  async stop() {
    this.upgraded.forEach((socket) => socket.destroy());
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
