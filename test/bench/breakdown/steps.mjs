import { LRUCache } from 'lru-cache';
import { createLayerCache } from '../../../dist/esm/index.js';

/**
 * What a hit of ours does, from lru-cache's own hit on, one thing more at each step. Written by hand and without abstraction:
 * what the engine takes beyond the last of them is what its structure costs. The shapes are the engine's, the answers as well.
 */
const HOUR = 3_600_000;
const ORDINARY = 0;

class Entry {
  answer = null;
  position = ORDINARY;
  quietUntil = performance.now() + HOUR;
  touched = 0;

  constructor(value) {
    this.value = value;
  }
}

export const get = stepOnValues((cache) => (key) => cache.get(key));

export const peek = stepOnValues((cache) => (key) => cache.peek(key));

export const clock = stepOnValues((cache) => {
  const end = performance.now() + HOUR;
  return (key) => {
    const now = performance.now();
    const value = cache.peek(key);
    return now < end ? value : undefined;
  };
});

// oxlint-disable-next-line typescript/require-await -- the promise of an async function is what is measured
export const entry = stepOnEntries((cache) => async (key) => {
  const now = performance.now();
  const found = cache.peek(key);
  return found !== undefined && now < found.quietUntil ? found.value : undefined;
});

export const promisePerHit = stepOnEntries((cache) => (key) => {
  const now = performance.now();
  const found = cache.peek(key);
  return found !== undefined && now < found.quietUntil ? Promise.resolve(found.value) : missing(key);
});

export const promiseKept = stepOnEntries((cache) => (key) => {
  const now = performance.now();
  const found = cache.peek(key);
  return found !== undefined && now < found.quietUntil ? answerOf(found) : missing(key);
});

export const ledger = stepOnEntries((cache) => {
  const state = { reach: ORDINARY };
  return (key) => {
    const now = performance.now();
    const found = cache.peek(key);
    return found !== undefined && now < found.quietUntil && found.position >= state.reach
      ? answerOf(found)
      : missing(key);
  };
});

export const recency = stepOnEntries((cache) => {
  const state = { reach: ORDINARY, turn: 0 };
  return (key) => {
    const now = performance.now();
    const found = peekAndTouch(cache, state, key);
    return found !== undefined && now < found.quietUntil && found.position >= state.reach
      ? answerOf(found)
      : missing(key);
  };
});

export const silentObserver = stepOnEntries((cache) => observedRead(cache, undefined));

export const listeningObserver = stepOnEntries((cache) => {
  const listener = countingObserver();
  return observedRead(cache, (key) => {
    try {
      listener.hit('default', key, 'memory');
    } catch {
      throw new Error('The observer failed.');
    }
  });
});

export const engineGet = {
  make({ load, room }) {
    const cache = createLayerCache({ ttl: '1h', memory: { max: room.entries } });
    return { read: (key) => cache.get(key), fill: async (key) => cache.set(key, await load(key)) };
  },
};

export const engineGetOrSet = engineStep([]);

export const engineObserved = engineStep([countingObserver()]);

function engineStep(observers) {
  return {
    make({ load, room }) {
      const cache = createLayerCache({ ttl: '1h', memory: { max: room.entries }, observers });
      const loadByContext = ({ key }) => load(key);
      return { read: (key) => cache.getOrSet(key, loadByContext) };
    },
  };
}

/** A step whose lru-cache holds the values as they are. */
function stepOnValues(readerOf) {
  return step(
    (value) => value,
    (cache) => {
      const lookUp = readerOf(cache);
      // oxlint-disable-next-line typescript/require-await -- the promise of an async function is what is measured
      return async (key) => lookUp(key);
    },
  );
}

/** A step whose lru-cache holds entries. */
function stepOnEntries(readerOf) {
  return step((value) => new Entry(value), readerOf);
}

function step(wrap, readerOf) {
  return {
    make({ load, room }) {
      const cache = new LRUCache({ max: room.entries });
      return {
        read: readerOf(cache),
        fill: async (key) => {
          cache.set(key, wrap(await load(key)));
        },
      };
    },
  };
}

function observedRead(cache, onHit) {
  const state = { reach: ORDINARY, turn: 0, hits: 0, onHit };
  return (key) => {
    const now = performance.now();
    const found = peekAndTouch(cache, state, key);
    if (found !== undefined && now < found.quietUntil && found.position >= state.reach) {
      state.hits++;
      if (state.onHit !== undefined) state.onHit(key);
      return answerOf(found);
    }
    return missing(key);
  };
}

function peekAndTouch(cache, state, key) {
  const found = cache.peek(key);
  if (found !== undefined && state.turn - found.touched > cache.size >> 3) {
    found.touched = state.turn;
    cache.get(key);
  }
  return found;
}

function answerOf(found) {
  return (found.answer ??= Promise.resolve(found.value));
}

function missing(key) {
  throw new Error(`'${key}' is not there.`);
}

function countingObserver() {
  let hits = 0;
  return {
    hit: () => {
      hits++;
    },
    count: () => hits,
  };
}
