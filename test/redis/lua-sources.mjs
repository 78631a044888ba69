import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

// A script is written in a .lua file; what runs is the module made of them here, because neither a build nor a bundler takes
// a .lua file along. Fails when the two differ. With --update it writes the module anew.

const folder = new URL('../../lib/redis/scripts/', import.meta.url);
const module = new URL('sources.ts', folder);
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.lua'))
  .map((file) => file.slice(0, -'.lua'.length))
  .sort();

const scripts = names.map((name) => `  ${/^[a-z]+$/.test(name) ? name : `'${name}'`}: \`\n${codeOf(name)}\`,`);
const text = `// Made of the .lua files beside it by test/redis/lua-sources.mjs. Comments and empty lines are left out.\nexport const LUA = {\n${scripts.join('\n')}\n} as const;\n`;

if (process.argv.includes('--update')) {
  writeFileSync(module, text);
} else if (readFileSync(module, 'utf8') !== text) {
  process.stderr.write(
    'lib/redis/scripts/sources.ts is not what the .lua files say: node test/redis/lua-sources.mjs --update\n',
  );
  process.exitCode = 1;
}

function codeOf(name) {
  const code = readFileSync(new URL(`${name}.lua`, folder), 'utf8');
  if (/[`\\]|\$\{/.test(code)) throw new Error(`${name}.lua: no backtick, backslash or \${ may stand in a script`);
  return code.replace(/^\s*--.*\n/gm, '').replace(/\n{2,}/g, '\n');
}
