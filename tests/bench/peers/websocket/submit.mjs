// The peer of `cargo xtask bench submit` and `start`: the judges' server that a team would write on
// Node, with ws and better-sqlite3. It speaks the same frames, looks at each mark, and commits each by
// itself, in WAL mode with synchronous = FULL; an ack leaves after the commits of its put.
//
// It does less than Leitai for a mark: no tickets, no hash chain, no totals, no news to other judges.
//
// node submit.mjs PORT FILE [frame]: with `frame`, the marks of one put share a transaction.
import { createServer } from "node:http";
import Database from "better-sqlite3";
import { WebSocketServer } from "ws";
import { Marks } from "./marks.mjs";

const [port, file, unit] = [Number(process.argv[2]), process.argv[3], process.argv[4]];
const database = new Database(file);
const marks = new Marks(database);
const enterAll = database.transaction((session, submissions) => submissions.map((one) => marks.enter(session, one)));

const server = createServer((_, response) => response.end("ready\n"));
const sockets = new WebSocketServer({ server, path: "/api/judge/socket", maxPayload: 65536 });
sockets.on("connection", (socket) => {
  socket._socket.setNoDelay(true);
  let session;
  socket.on("message", (data) => {
    const frame = JSON.parse(data);
    if (frame.type === "hello") {
      session = marks.greet(frame.body);
      socket.send(JSON.stringify(session.welcome));
      return;
    }
    if (frame.type !== "put" || !session) return socket.close(1002);
    const { submissions } = frame.body;
    const receipts = unit === "frame"
      ? enterAll(session, submissions)
      : submissions.map((one) => marks.enter(session, one));
    socket.send(JSON.stringify(session.ack(receipts)));
  });
});
server.listen(port, "127.0.0.1");
