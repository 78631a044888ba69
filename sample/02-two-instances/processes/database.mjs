// A PostgreSQL for several clients, in a process of its own: PGlite, kept in memory, behind a socket.
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

/**
 * PGlite has one session, which the socket server lends to its clients one protocol message at a time; only a client in a
 * transaction keeps it. A query with parameters is five messages, and where two clients wait, each one's five get mixed with
 * the other's: rows of the wrong query, or none at all. So a client is said to be in a transaction until his query is complete.
 */
class SharedPGlite extends PGlite {
  static #PARTS_OF_A_QUERY = new Set(Buffer.from('PBDECHF'));
  #queryIsIncomplete = false;

  isInTransaction() {
    return this.#queryIsIncomplete || super.isInTransaction();
  }

  execProtocolRawStream(message, options) {
    this.#queryIsIncomplete = SharedPGlite.#PARTS_OF_A_QUERY.has(message[0]);
    return super.execProtocolRawStream(message, options);
  }

  /** The server's way to roll back after a client that is gone. */
  exec(query, options) {
    this.#queryIsIncomplete = false;
    return super.exec(query, options);
  }
}

const database = new SharedPGlite();
await database.waitReady;
const server = new PGLiteSocketServer({ db: database, port: 0, maxConnections: 50 });
server.addEventListener('listening', ({ detail: { port } }) => {
  process.stdout.write(`Database listens on postgres://postgres:postgres@127.0.0.1:${port}/postgres\n`);
});
await server.start();

process.on('SIGTERM', () => process.exit());
