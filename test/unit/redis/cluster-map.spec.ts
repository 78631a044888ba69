import { describe, expect, it } from '@jest/globals';
import { ClusterMap } from '../../../lib/redis/cluster/cluster-map.js';
import fc from '../../support/properties.js';

const ASKED = { host: 'asked', port: 7_000 };
const asItIs = <T>(node: T): T => node;
const of = (reply: unknown): ClusterMap => ClusterMap.of(reply, ASKED, asItIs);

describe('A map of a cluster', () => {
  it('tells who has a slot, and names all nodes', () => {
    const map = of([
      [0, 100, ['a', 1, 'id'], ['b', 2, 'id']],
      [101, 101, ['b', 2, 'id']],
    ]);
    expect([0, 100, 101, 102].map((slot) => map.ownerOf(slot))).toEqual([
      { host: 'a', port: 1 },
      { host: 'a', port: 1 },
      { host: 'b', port: 2 },
      undefined,
    ]);
    expect(map.nodes).toEqual([
      { host: 'a', port: 1 },
      { host: 'b', port: 2 },
    ]);
  });

  it.each<[string, unknown, string]>([
    ['text', 'name', 'name'],
    ['bytes', Buffer.from('name'), 'name'],
    ['nothing: it is where it was asked', null, 'asked'],
    ['an empty text', '', 'asked'],
    ['empty bytes', Buffer.alloc(0), 'asked'],
    ['a name that is not known', '?', 'asked'],
  ])('takes as a host %s', (_what, host, expected) => {
    expect(of([[0, 1, [host, 1, 'id']]]).ownerOf(0)).toEqual({ host: expected, port: 1 });
  });

  it.each<[string, unknown, string]>([
    ['?', ['ip', '10.0.0.1'], '10.0.0.1'],
    ['?', [Buffer.from('ip'), Buffer.from('10.0.0.1')], '10.0.0.1'],
    ['?', ['hostname', 'x'], 'asked'],
    ['?', ['ip'], 'asked'],
    ['?', [], 'asked'],
    // The one that it has is not to be used then.
    ['', ['ip', '10.0.0.1'], 'asked'],
  ])('takes the address where the name %j is not known: %j', (host, more, expected) => {
    expect(of([[0, 1, [host, 1, 'id', more]]]).ownerOf(0)?.host).toBe(expected);
  });

  it('has nodes where they are reached', () => {
    const map = ClusterMap.of([[0, 1, ['a', 1], ['b', 2]]], ASKED, ({ host, port }) => ({ host: `${host}.out`, port }));
    expect(map.nodes.map(({ host }) => host)).toEqual(['a.out', 'b.out']);
    expect(map.ownerOf(0)?.host).toBe('a.out');
  });

  it.each([0, -1, 65_536, 1.5, Number.NaN, '1', null])(
    'leaves out a node at port %p, and never takes its replica for it',
    (port) => {
      const map = of([[0, 1, ['a', port], ['b', 2]]]);
      expect([map.ownerOf(0), map.nodes]).toEqual([undefined, [{ host: 'b', port: 2 }]]);
    },
  );

  it('is made of anything', () => {
    const bits = fc.oneof(
      fc.integer(),
      fc.string(),
      fc.constantFrom<unknown>(null, undefined, 1, 5, 'a', Buffer.from('a'), {}),
    );
    const { garbage } = fc.letrec((tie) => ({
      garbage: fc.oneof({ maxDepth: 4 }, bits, fc.array(tie('garbage'), { maxLength: 5 })),
    }));
    fc.assert(
      fc.property(garbage, (reply) => {
        const map = of(reply);
        for (const { host, port } of map.nodes) expect([host.length > 0, port > 0]).toEqual([true, true]);
        map.ownerOf(5);
      }),
    );
  });
});
