// A peer of `cargo xtask bench fanout`: the same as ../websocket/fanout.mjs with socket.io for the
// spectators, over its WebSocket transport.
//
// node fanout.mjs PORT FILE BYTES
import { createServer } from "node:http";
import Database from "better-sqlite3";
import { Server } from "socket.io";
import { WebSocketServer } from "ws";
import { Marks, tell } from "../websocket/marks.mjs";

const [port, file, bytes] = [Number(process.argv[2]), process.argv[3], Number(process.argv[4])];
const marks = new Marks(new Database(file));
const server = createServer((_, response) => response.end("ready\n"));
const judges = new WebSocketServer({ noServer: true, maxPayload: 65536 });
const io = new Server(server, { transports: ["websocket"], serveClient: false });

server.on("upgrade", (request, socket, head) => {
  if (request.url.startsWith("/api/judge")) {
    judges.handleUpgrade(request, socket, head, (client) => judges.emit("connection", client));
  }
});
judges.on("connection", (socket) => {
  let session;
  socket.on("message", (data) => {
    const frame = JSON.parse(data);
    if (frame.type === "hello") {
      session = marks.greet(frame.body);
      return socket.send(JSON.stringify(session.welcome));
    }
    const receipts = frame.body.submissions.map((one) => {
      const receipt = marks.enter(session, one);
      io.emit("mark", tell(receipt.seq, one, bytes));
      return receipt;
    });
    socket.send(JSON.stringify(session.ack(receipts)));
  });
});
server.listen(port, "127.0.0.1");
