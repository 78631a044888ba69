import { setTimeout as pause } from 'node:timers/promises';

export { pause };

/** The outcome of a promise, or an error after so long. */
export async function limited(promise, ms) {
  const given = new AbortController();
  const late = pause(ms, undefined, { signal: given.signal }).then(() => {
    throw new NoAnswer(ms);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    given.abort();
  }
}

export class NoAnswer extends Error {
  constructor(ms) {
    super(`no answer after ${ms} ms`);
  }
}

/** Whether a question is answered with yes within so long; one that fails or hangs is no yes. */
export async function within(ms, question) {
  const end = performance.now() + ms;
  for (;;) {
    const left = Math.max(1, end - performance.now());
    const yes = await limited(
      Promise.resolve()
        .then(question)
        .catch(() => false),
      left,
    ).catch(() => false);
    if (yes || performance.now() >= end) return yes === true;
    await pause(25);
  }
}

/** A promise, and what resolves it. */
export function resolvers() {
  let resolve;
  const promise = new Promise((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
