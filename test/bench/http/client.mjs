import { connect } from 'node:net';
import { pathOf } from './routes.mjs';

const END_OF_HEAD = '\r\n\r\n';

/** Keeps a server busy over so many connections, each of which asks anew when it is answered. */
export class Client {
  /** Replies received. */
  replies = 0;
  #next = 0;
  #sockets;
  #isOver = false;

  constructor(port, connections) {
    this.#sockets = Array.from({ length: connections }, () => this.#open(port));
  }

  close() {
    this.#isOver = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  #open(port) {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('connect', () => this.#ask(socket));
    socket.on('data', (chunk) => {
      text += chunk;
      const end = endOfReply(text);
      if (end === undefined || text.length < end) return;
      if (!text.startsWith('HTTP/1.1 200')) throw new Error(text.slice(0, 200));
      text = text.slice(end);
      this.replies++;
      this.#ask(socket);
    });
    socket.on('close', () => {
      if (!this.#isOver) throw new Error('The server closed a connection.');
    });
    return socket;
  }

  #ask(socket) {
    socket.write(`GET ${pathOf(this.#next++)} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  }
}

function endOfReply(text) {
  const head = text.indexOf(END_OF_HEAD);
  if (head < 0) return undefined;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, head));
  if (length === null) throw new Error('A reply without a length.');
  return head + END_OF_HEAD.length + Number(length[1]);
}
