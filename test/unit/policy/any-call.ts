import fc from '../../support/properties.js';

/** Texts of the very characters that the encoding uses, and of halves of surrogate pairs. */
const awkwardText = fc.string({
  unit: fc.constantFrom(
    ...[
      'a',
      '"',
      "'",
      ',',
      ':',
      '{',
      '}',
      '[',
      ']',
      '(',
      ')',
      '\\',
      '|',
      '#',
      '%',
      '+',
      '=',
      '>',
      '<',
      '_',
      '-',
      '1',
      'n',
    ],
    ...['\u0000', '\n', '\ud800', '\udc00', '\udfff', 'é', '\u0301', '🦊'],
  ),
  maxLength: 4,
});
const anyUnits = fc.array(fc.nat(0xffff), { maxLength: 6 }).map((units) => String.fromCharCode(...units));

const leaf = fc.oneof(
  { weight: 3, arbitrary: awkwardText },
  anyUnits,
  fc.constantFrom<unknown>('', 'null', 'undefined', 'true', '1', '-0', 'NaN', '1n', '[]', '{}', '__proto__', 'toJSON'),
  fc.constantFrom<unknown>(undefined, null, true, false, 0, -0, 1, -1, Number.NaN, Infinity, -Infinity, 0n, 1n, -1n),
  fc.double(),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
  fc.constantFrom(0, 1, Number.NaN, 8.64e15).map((time) => new Date(time)),
  fc.uint8Array({ maxLength: 3 }),
  fc.uint8Array({ maxLength: 3 }).map((bytes) => Buffer.from(bytes)),
  fc.int8Array({ maxLength: 3 }),
  fc.float64Array({ maxLength: 2 }),
  fc.bigInt64Array({ maxLength: 2 }),
);

const memberName = fc.oneof(
  fc.constantFrom('a', 'b', '1', '0', 'length', '__proto__', 'constructor', 'then', ''),
  awkwardText,
);

export const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.option(tie('value'), { nil: 'hole' }), { maxLength: 3 }).map((items) => {
      const sparse: unknown[] = Object.assign([], { length: items.length });
      items.forEach((item, index) => {
        if (item !== 'hole') sparse[index] = item;
      });
      return sparse;
    }),
    fc.tuple(fc.array(fc.tuple(memberName, tie('value')), { maxLength: 3 }), fc.boolean()).map(([members, bare]) => {
      const object = Object.create(bare ? null : Object.prototype) as object;
      for (const [name, value] of members) {
        Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
      }
      return object;
    }),
    fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 2 }).map((pairs) => new Map(pairs)),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => new Set(items)),
  ),
}));

export const anyCall = fc.array(anyValue, { maxLength: 3 });

/** Of so few values that equal and nearly equal calls are common. */
const narrowLeaf = fc.constantFrom<unknown>('a', 'b', 'a,b', '', 1, '1', undefined, null, -0, 0, 'a"', '"', "'a");
const { value: narrowValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    narrowLeaf,
    fc.array(tie('value'), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('a', 'b', '0', '__proto__'), tie('value'), { maxKeys: 2 }),
    fc.array(tie('value'), { maxLength: 2 }).map((items) => new Set(items)),
    fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 1 }).map((pairs) => new Map(pairs)),
  ),
}));
export const narrowCall = fc.array(narrowValue, { maxLength: 2 });
