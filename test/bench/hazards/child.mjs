const { name, clockShift, options } = JSON.parse(process.argv[2]);

if (clockShift !== 0) {
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...parts) {
      super(...(parts.length === 0 ? [Real.now() + clockShift] : parts));
    }

    static now() {
      return Real.now() + clockShift;
    }
  };
}

// Only now: nothing of the cache may have seen the right time.
const { open } = await import(`./contestants/${name}.mjs`);
const opening = open(options);

process.on('disconnect', () => process.exit());
process.on('message', ({ n, order }) => {
  obey(order).then(
    (done) => process.send({ n, done }),
    (error) => process.send({ n, failed: String(error) }),
  );
});

async function obey({ act, key, loaded, options: callOptions, tags, ms }) {
  const cache = await opening;
  switch (act) {
    case 'getOrSet':
      return cache.getOrSet(key, () => loaded, callOptions);
    case 'invalidate':
      return cache.invalidate(key);
    case 'invalidateTags':
      return cache.invalidateTags(...tags);
    case 'block, then getOrSet':
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
      return cache.getOrSet(key, () => loaded, callOptions);
    default:
      return undefined;
  }
}
