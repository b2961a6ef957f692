// A peer of `cargo xtask bench fanout`: what a team would write on Node with ws. A mark is looked at,
// committed as in submit.mjs, and then told to every spectator.
//
// node fanout.mjs PORT FILE BYTES, where BYTES is how long a told mark is.
import { createServer } from "node:http";
import Database from "better-sqlite3";
import { WebSocket, WebSocketServer } from "ws";
import { Marks, tell } from "./marks.mjs";

const [port, file, bytes] = [Number(process.argv[2]), process.argv[3], Number(process.argv[4])];
const marks = new Marks(new Database(file));
const server = createServer((_, response) => response.end("ready\n"));
const judges = new WebSocketServer({ noServer: true, maxPayload: 65536 });
const spectators = new WebSocketServer({ noServer: true, maxPayload: 4096 });

server.on("upgrade", (request, socket, head) => {
  const sockets = request.url.startsWith("/api/judge") ? judges : spectators;
  sockets.handleUpgrade(request, socket, head, (client) => sockets.emit("connection", client));
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
      const text = JSON.stringify(tell(receipt.seq, one, bytes));
      for (const client of spectators.clients) if (client.readyState === WebSocket.OPEN) client.send(text);
      return receipt;
    });
    socket.send(JSON.stringify(session.ack(receipts)));
  });
});
server.listen(port, "127.0.0.1");
