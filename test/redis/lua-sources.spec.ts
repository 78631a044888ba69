import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

describe('The scripts that run', () => {
  it('are the .lua files', () => {
    const check = fileURLToPath(new URL('lua-sources.mjs', import.meta.url));
    expect(() => execFileSync(process.execPath, [check], { stdio: 'pipe' })).not.toThrow();
  });
});
