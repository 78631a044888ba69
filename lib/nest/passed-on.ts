import { isObservable } from 'rxjs';

/** The result of a load that cannot be shared: the call that loaded it takes it, every other loads its own. */
export class PassedOn {
  readonly value: unknown;
  readonly owner: object;

  constructor(value: unknown, owner: object) {
    this.value = value;
    this.owner = owner;
  }
}

/** Replies larger than this are sent, and not kept: a few of them would push out everything else. */
export const LARGEST_BUFFER = 1_048_576;

/** What can be read once only: Node's and the web's streams and what holds one, Nest's StreamableFile, iterators. */
export function isStream(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  try {
    return isRead(value);
  } catch {
    // A getter that throws, or a proxy that refuses: it is no stream that anyone could read.
    return false;
  }
}

function isRead(value: object): boolean {
  const { pipe, getReader, getStream, next, body } = value as Record<string, unknown>;
  if ([pipe, getReader, getStream, next].some((member) => typeof member === 'function')) return true;
  // The web's Response and Request.
  if (typeof (body as { getReader?: unknown } | null | undefined)?.getReader === 'function') return true;
  return Symbol.asyncIterator in value;
}

/** Ends what nobody will read, so that it holds nothing open. */
export function endUnread(value: unknown): void {
  if (isObservable(value)) return value.subscribe({ error: () => undefined }).unsubscribe();
  const { destroy, cancel, getStream } = (value ?? {}) as Record<string, unknown>;
  if (typeof destroy === 'function') (value as { destroy(): void }).destroy();
  else if (typeof getStream === 'function') endUnread((value as { getStream(): unknown }).getStream());
  else if (typeof cancel === 'function') Promise.resolve((value as ReadableStream).cancel()).catch(() => undefined);
}

export function isLargeBuffer(value: unknown): boolean {
  return (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) && value.byteLength > LARGEST_BUFFER;
}
