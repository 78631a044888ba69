import { valueOf } from '../data.mjs';

/** What applications keep: from a row to a document, and what JSON has no word for. */
export function samples() {
  const user = valueOf('users/4711');
  const row = (id) => ({
    ...valueOf(`users/${id}`),
    createdAt: new Date(1.7e12 + id),
    balance: BigInt(id) * 10n ** 15n,
  });
  return [
    { name: 'a user, about 300 bytes', value: user },
    { name: '50 users', value: Array.from({ length: 50 }, (_, id) => valueOf(`users/${id}`)) },
    { name: 'a text of 20 kB', value: 'All work and no play makes Jack a dull boy. '.repeat(465) },
    { name: 'a nested object of 100 kB', value: nested(4) },
    { name: 'a user with a Date and a BigInt', value: row(4711) },
    { name: '50 users with a Date and a BigInt each', value: Array.from({ length: 50 }, (_, id) => row(id)) },
    { name: 'a Buffer of 10 kB', value: Buffer.from(Array.from({ length: 10_240 }, (_, at) => (at * 31) & 0xff)) },
  ];
}

function nested(levels) {
  if (levels === 0) return { label: 'a leaf of the tree', weight: 12.75, count: 42, open: true };
  return {
    level: levels,
    title: `branch at level ${levels}`,
    children: Array.from({ length: 6 }, () => nested(levels - 1)),
  };
}
