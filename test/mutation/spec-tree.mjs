import { format } from 'node:util';
import { expect, jest } from './jest-parts.mjs';

const HOOKS = ['beforeAll', 'beforeEach', 'afterEach', 'afterAll'];

/** A `describe`, or a whole file: its hooks, and what it holds in the order it was said. */
class Block {
  constructor(name, parent) {
    this.name = name;
    this.parent = parent;
    this.parts = [];
    this.hooks = Object.fromEntries(HOOKS.map((kind) => [kind, []]));
  }

  /** From the outermost block inwards. */
  get way() {
    return this.parent === undefined ? [this] : [...this.parent.way, this];
  }

  *tests() {
    for (const part of this.parts) {
      if (part instanceof Block) yield* part.tests();
      else yield part;
    }
  }
}

/** What a spec file says, once it is evaluated with the words of Jest. */
export function specTree(file, evaluate) {
  const root = new Block('', undefined);
  let block = root;
  const describe = (name, body) => {
    const inner = new Block(name, block);
    block.parts.push(inner);
    block = inner;
    try {
      body();
    } finally {
      block = inner.parent;
    }
  };
  const it = (name, body) => {
    const { way } = block;
    const words = [...way.slice(1).map((one) => one.name), name].join(' ');
    block.parts.push({ words, way, body });
  };
  describe.each = each(describe);
  it.each = each(it);
  const hooks = HOOKS.map((kind) => [kind, (body) => void block.hooks[kind].push(body)]);
  evaluate({ describe, it, test: it, expect, jest, ...Object.fromEntries(hooks) });
  nameApart(file, [...root.tests()]);
  return root;
}

/** A name that a file gives twice gets a number, so that every test has a name of its own. */
function nameApart(file, tests) {
  const times = new Map();
  for (const test of tests) {
    const time = (times.get(test.words) ?? 0) + 1;
    times.set(test.words, time);
    test.id = `${file}: ${test.words}${time === 1 ? '' : ` #${time}`}`;
  }
}

function each(declare) {
  return (cases) => (name, body) => {
    for (const one of cases) {
      const given = Array.isArray(one) ? one : [one];
      declare(filledIn(name, given), () => body(...given));
    }
  };
}

function filledIn(name, given) {
  const places = name.replaceAll('%p', '%o').match(/%[sdijfoOc]/g)?.length ?? 0;
  return format(name.replaceAll('%p', '%o'), ...given.slice(0, places));
}
