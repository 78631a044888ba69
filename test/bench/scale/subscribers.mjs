import { once } from 'node:events';
import { connect } from 'node:net';

/** A process that listens as often as it is told, on connections that do nothing else, and counts the bytes. */
process.on('disconnect', () => process.exit());
process.on('message', (order) => void obey(order).then((reply) => process.send(reply)));

const sockets = [];
let bytes = 0;

async function obey({ port, count, channels }) {
  while (sockets.length > count) sockets.pop().destroy();
  while (sockets.length < count) sockets.push(await listen(port, channels));
  const heard = bytes;
  bytes = 0;
  return heard;
}

async function listen(port, channels) {
  const socket = connect({ port, host: '127.0.0.1' });
  await once(socket, 'connect');
  if (channels.length > 0) {
    socket.write(`SUBSCRIBE ${channels.join(' ')}\r\n`);
    await once(socket, 'data');
  }
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    bytes += chunk.length;
  });
  return socket;
}

process.send('ready');
