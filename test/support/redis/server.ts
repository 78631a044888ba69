import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { redisBinary } from './binary.js';
import { selfSignedCertificate } from './certificate.js';
import { GuardedProcess, LaunchError } from './guarded-process.js';
import { likelyFreePort } from '../../../lib/testing/network/likely-free-port.js';
import { type Address, type Argument, ask, ConnectionLost, inText, type Reply } from './resp.js';

// Awaited while modules load, where no test's timeout runs: the first time, this may mean a download.
const BINARY = await redisBinary();
const ATTEMPTS = 20;
const OWN_USER = 'harness';

export interface RedisServerOptions {
  /** For instance `10mb`. */
  readonly maxmemory?: string;
  readonly maxmemoryPolicy?: string;
  /** `requirepass`; it is in the `url`. */
  readonly password?: string;
  /** Rules of ACL users: `app on >secret ~shop:* +@all`. `command` goes on working, whatever they say. */
  readonly users?: readonly string[];
  /** Speaks TLS alone, with a certificate that is in `ca`. */
  readonly tls?: boolean;
  /** Whether it is started with a file of its settings, to which `CONFIG REWRITE` can write. */
  readonly file?: boolean;
  /** More of the command line, after all the rest: `['--notify-keyspace-events', 'KEA']`. */
  readonly args?: readonly string[];
  /** The ports to try, until one is free. */
  readonly nextPort?: () => number;
}

export interface RestartOptions {
  readonly empty?: boolean;
  readonly args?: readonly string[];
}

/** A real Redis on the loopback, on a port of its own, without persistence. It ends with this process, however that ends. */
export class RedisServer {
  readonly port: number;
  readonly url: string;
  /** The certificate to trust, with `tls`. */
  readonly ca: string | undefined;
  readonly #folder: string;
  readonly #command: readonly string[];
  readonly #address: Address;
  #process: GuardedProcess;

  private constructor(set: Setting, options: RedisServerOptions, process: GuardedProcess) {
    const { tls = false, password } = options;
    this.port = set.address.port;
    this.url = `redis${tls ? 's' : ''}://${password === undefined ? '' : `:${encodeURIComponent(password)}@`}127.0.0.1:${this.port}`;
    this.ca = set.address.ca;
    this.#folder = set.folder;
    this.#command = set.command;
    this.#address = set.address;
    this.#process = process;
  }

  static async start(options: RedisServerOptions = {}): Promise<RedisServer> {
    const folder = await mkdtemp(join(tmpdir(), 'redis-'));
    try {
      return await startIn(folder, options, (set, process) => new RedisServer(set, options, process));
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  get pid(): number {
    return this.#process.pid;
  }

  get running(): boolean {
    return this.#process.running;
  }

  /** Asks the server something on a connection of its own, which is closed again when the reply is here. */
  async command(...command: readonly Argument[]): Promise<Reply> {
    return inText(await ask(this.#address, command));
  }

  /** The same, with bulk strings as the bytes that they are. */
  commandBytes(...command: readonly Argument[]): Promise<Reply<Buffer>> {
    return ask(this.#address, command);
  }

  /** Sends a signal that ends the server, and returns when it is gone. Its data is lost. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.#process.signal(signal);
    await this.#process.gone;
  }

  /** Freezes the server: connections are still accepted, by the system, and nothing is answered. */
  pause(): void {
    this.#process.signal('SIGSTOP');
  }

  resume(): void {
    this.#process.signal('SIGCONT');
  }

  /**
   * Ends the server if it runs and starts it again on its port, with the data it had or empty. After `kill` there is no data but
   * what was saved before. For this run alone, `args` go after all the rest of the command line.
   */
  async restart({ empty = false, args = [] }: RestartOptions = {}): Promise<void> {
    if (this.running) await (empty ? this.kill() : this.#shutDown());
    if (empty) await rm(dataOf(this.#folder), { recursive: true });
    await mkdir(dataOf(this.#folder), { recursive: true });
    this.#process = await GuardedProcess.launch([...this.#command, ...args], this.#folder);
  }

  /** Where it keeps its data. */
  get data(): string {
    return dataOf(this.#folder);
  }

  /** Ends the server and removes what it left. */
  async stop(): Promise<void> {
    if (this.running) await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #shutDown(): Promise<void> {
    await this.command('SHUTDOWN', 'SAVE').catch((error: unknown) => {
      if (!(error instanceof ConnectionLost)) throw error;
    });
    await this.#process.gone;
  }
}

interface Setting {
  readonly folder: string;
  readonly address: Address;
  readonly command: readonly string[];
}

async function startIn<T>(
  folder: string,
  options: RedisServerOptions,
  made: (set: Setting, process: GuardedProcess) => T,
): Promise<T> {
  const { nextPort = likelyFreePort } = options;
  await mkdir(dataOf(folder));
  if (options.file === true) await writeFile(join(folder, 'redis.conf'), '');
  const certificate = options.tls === true ? selfSignedCertificate() : undefined;
  if (certificate !== undefined) {
    await writeFile(join(folder, 'cert.pem'), certificate.cert);
    await writeFile(join(folder, 'key.pem'), certificate.key, { mode: 0o600 });
  }
  const secret = randomUUID();
  const greeting = greetingOf(options, secret);
  for (let attempt = 1; ; attempt++) {
    const port = nextPort();
    const address = { port, greeting, ...(certificate !== undefined && { ca: certificate.cert }) };
    const set = { folder, address, command: commandLine(folder, port, options, secret) };
    try {
      const process = await GuardedProcess.launch(set.command, folder);
      await answers(address, process);
      return made(set, process);
    } catch (error) {
      const taken = error instanceof LaunchError && error.log.includes('Address already in use');
      if (!taken || attempt === ATTEMPTS) throw error;
    }
  }
}

async function answers(address: Address, process: GuardedProcess): Promise<void> {
  try {
    await ask(address, ['PING']);
  } catch (error) {
    process.signal('SIGKILL');
    await process.gone;
    throw error;
  }
}

function greetingOf({ users, password }: RedisServerOptions, secret: string): Address['greeting'] {
  if (users !== undefined) return [['AUTH', OWN_USER, secret]];
  return password === undefined ? [] : [['AUTH', password]];
}

function commandLine(folder: string, port: number, options: RedisServerOptions, secret: string): string[] {
  const { maxmemory, maxmemoryPolicy, password, users, tls = false, file = false, args = [] } = options;
  const rules = users === undefined ? [] : [...users, `${OWN_USER} on >${secret} ~* &* +@all`];
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const listen = tls
    ? ['--port', '0', '--tls-port', String(port), '--tls-cert-file', cert, '--tls-key-file', key]
    : ['--port', String(port)];
  return [
    BINARY,
    ...(file ? [join(folder, 'redis.conf')] : []),
    ...listen,
    ...(tls ? ['--tls-ca-cert-file', cert, '--tls-auth-clients', 'no'] : []),
    ...['--bind', '127.0.0.1', '--dir', dataOf(folder), '--save', '', '--appendonly', 'no'],
    ...(maxmemory === undefined ? [] : ['--maxmemory', maxmemory]),
    ...(maxmemoryPolicy === undefined ? [] : ['--maxmemory-policy', maxmemoryPolicy]),
    ...(password === undefined ? [] : ['--requirepass', password]),
    ...rules.flatMap((rule) => ['--user', ...rule.split(' ')]),
    ...args,
  ];
}

function dataOf(folder: string): string {
  return join(folder, 'data');
}
