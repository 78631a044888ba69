import { connect, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';

export type Argument = string | number | Uint8Array;
/** A bulk string comes as `Text`; an error inside an array is an element like others. */
export type Reply<Text = string> = Text | string | number | null | Error | readonly Reply<Text>[];

export interface Address {
  readonly port: number;
  /** What is said first, on every connection. */
  readonly greeting: readonly (readonly Argument[])[];
  /** The certificate to trust, where the server speaks TLS. */
  readonly ca?: string;
}

/** The connection ended before the answer came. */
export class ConnectionLost extends Error {}

/** Asks one thing on a connection of its own, and returns once the server has closed that again. */
export async function ask(address: Address, command: readonly Argument[]): Promise<Reply<Buffer>> {
  const commands = [...address.greeting, command];
  const { port, ca } = address;
  const socket = ca === undefined ? connect(port, '127.0.0.1') : connectSecurely({ port, host: '127.0.0.1', ca });
  try {
    const replies = await converse(socket, commands);
    const failed = replies.find((reply) => reply instanceof Error);
    if (failed !== undefined) throw failed;
    return replies.at(-1) ?? null;
  } finally {
    socket.destroy();
  }
}

function converse(socket: Socket, commands: readonly (readonly Argument[])[]): Promise<Reply<Buffer>[]> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    let replies: Reply<Buffer>[] = [];
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      replies = parseAll(received);
      if (replies.length === commands.length) socket.end();
    });
    socket.once('error', reject);
    socket.once('close', () => {
      if (replies.length === commands.length) resolve(replies);
      else reject(new ConnectionLost(`the server closed the connection on ${String(commands.at(-1)?.[0])}`));
    });
    socket.write(Buffer.concat(commands.map(encode)));
  });
}

export function encode(command: readonly Argument[]): Buffer {
  const parts = command.map((argument) => Buffer.from(typeof argument === 'number' ? String(argument) : argument));
  const bulks = parts.flatMap((part) => [Buffer.from(`$${part.length}\r\n`), part, Buffer.from('\r\n')]);
  return Buffer.concat([Buffer.from(`*${parts.length}\r\n`), ...bulks]);
}

/** The same reply with text in place of bytes. */
export function inText(reply: Reply<Buffer>): Reply {
  if (Buffer.isBuffer(reply)) return reply.toString();
  return Array.isArray(reply) ? reply.map(inText) : (reply as Reply);
}

interface Parsed {
  readonly reply: Reply<Buffer>;
  readonly end: number;
}

function parseAll(bytes: Buffer): Reply<Buffer>[] {
  const replies: Reply<Buffer>[] = [];
  for (let parsed = parse(bytes, 0); parsed !== undefined; parsed = parse(bytes, parsed.end))
    replies.push(parsed.reply);
  return replies;
}

/** The reply that begins at a place; undefined while a part of it has yet to come. */
function parse(bytes: Buffer, start: number): Parsed | undefined {
  const lineEnd = bytes.indexOf('\r\n', start);
  if (lineEnd < 0) return undefined;
  const line = bytes.toString('utf8', start + 1, lineEnd);
  const end = lineEnd + 2;
  switch (String.fromCharCode(bytes[start] ?? 0)) {
    case '+':
      return { reply: line, end };
    case '-':
      return { reply: new Error(line), end };
    case ':':
      return { reply: Number(line), end };
    case '$':
      return parseBulk(bytes, end, Number(line));
    case '*':
      return parseArray(bytes, end, Number(line));
    default:
      throw new Error(`no reply of RESP2: ${line}`);
  }
}

function parseBulk(bytes: Buffer, start: number, length: number): Parsed | undefined {
  if (length < 0) return { reply: null, end: start };
  const end = start + length + 2;
  return bytes.length < end ? undefined : { reply: Buffer.from(bytes.subarray(start, end - 2)), end };
}

function parseArray(bytes: Buffer, start: number, length: number): Parsed | undefined {
  if (length < 0) return { reply: null, end: start };
  const elements: Reply<Buffer>[] = [];
  let end = start;
  while (elements.length < length) {
    const element = parse(bytes, end);
    if (element === undefined) return undefined;
    elements.push(element.reply);
    end = element.end;
  }
  return { reply: elements, end };
}
