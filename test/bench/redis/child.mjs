import { once } from 'node:events';

/** Tells a process of ours to do something, and has what it answers. */
export function answerOf(child, order) {
  child.send(order);
  return replyOf(child);
}

/** Its next message, unless it ends before. */
export async function replyOf(child) {
  const over = new AbortController();
  const { signal } = over;
  const gone = once(child, 'exit', { signal }).then(([code, killedBy]) => {
    throw new Error(`A process ended with ${killedBy ?? code}.`);
  });
  try {
    const [reply] = await Promise.race([once(child, 'message', { signal }), gone]);
    return reply;
  } finally {
    over.abort();
  }
}
