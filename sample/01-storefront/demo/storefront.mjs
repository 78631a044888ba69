import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

const READY = /listens on (http:\/\/\S+)/;
const STARTS_WITHIN_MS = 180_000;
const ENDS_WITHIN_MS = 10_000;
const LINES_OF_A_FAILURE = 12;

/** The built storefront in a process of its own, on a port that was free. */
export class Storefront {
  #child;
  #said = '';
  #isStopping = false;
  /** Rejects when the process ends by itself. */
  ended;

  constructor(file, port, environment) {
    this.#child = spawn(process.execPath, [file], {
      env: { ...process.env, NODE_ENV: 'production', HOST: '127.0.0.1', PORT: String(port), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (this.#said = (this.#said + text).slice(-16_384)));
    }
    this.ended = once(this.#child, 'close').then(() => {
      if (!this.#isStopping) throw this.#failure();
    });
    // Whoever awaits it hears of it; until then it is not unhandled.
    this.ended.catch(() => undefined);
  }

  /** Starts it with what `environment` adds to ours; resolves when it listens. */
  static async start(file, environment, signal) {
    const storefront = new Storefront(file, await freePort(), environment);
    const endNow = () => storefront.#child.kill('SIGKILL');
    process.once('exit', endNow);
    storefront.#child.once('close', () => process.removeListener('exit', endNow));
    try {
      storefront.url = await Promise.race([storefront.#ready(signal), storefront.ended]);
      return storefront;
    } catch (error) {
      await storefront.stop();
      throw error;
    }
  }

  /** Throws when it had failed, or fails now: that says more than the errors of those that were connected. */
  async stop() {
    this.#isStopping = true;
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const late = setTimeout(() => this.#child.kill('SIGKILL'), ENDS_WITHIN_MS);
      this.#child.kill('SIGTERM');
      await once(this.#child, 'close');
      clearTimeout(late);
    }
    if (this.#child.exitCode) throw this.#failure();
  }

  async #ready(signal) {
    const late = AbortSignal.timeout(STARTS_WITHIN_MS);
    const patience = AbortSignal.any([signal, late]);
    for (;;) {
      const [, url] = READY.exec(this.#said) ?? [];
      if (url !== undefined) return url;
      if (late.aborted) throw new Error(`The storefront was not ready within ${STARTS_WITHIN_MS / 1000} s.`);
      await once(this.#child.stdout, 'data', { signal: patience }).catch((error) => {
        if (!late.aborted) throw error;
      });
    }
  }

  #failure() {
    const { exitCode, signalCode } = this.#child;
    const lines = this.#said.trimEnd().split('\n').slice(-LINES_OF_A_FAILURE);
    return new Error([`The storefront ended (${signalCode ?? exitCode}).`, ...lines].join('\n  | '));
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
