// One process that loads the package by import and by require must get the same classes, or `instanceof` lies to it.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

process.on('warning', (warning) => {
  throw warning;
});

const require = createRequire(import.meta.url);

for (const entry of ['nestjs-layercache', 'nestjs-layercache/testing']) {
  const imported = await import(entry);
  const required = require(entry);
  assert.ok(Object.keys(imported).length > 0, entry);
  for (const name of Object.keys(imported)) assert.equal(required[name], imported[name], `${name} of ${entry}`);
}
assert.throws(() => require.resolve('ioredis'), { code: 'MODULE_NOT_FOUND' });
