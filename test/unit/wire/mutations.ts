import fc from '../../support/properties.js';

/** One change to some bytes. Positions are shares of the length, so that they fit any. */
type Mutation = (bytes: Buffer) => Buffer;

const share = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
/** Bytes that mean something to the formats. */
const telling = fc.constantFrom(...Buffer.from('\u0000\u0001\u0002\u007f"\\[]{},:0-MSNIbBdiuh'), 0x80, 0xff);

const at = (bytes: Buffer, where: number): number => Math.floor(where * (bytes.length + 1));

const cut = share.map(
  (where): Mutation =>
    (bytes) =>
      bytes.subarray(0, at(bytes, where)),
);
const flip = fc.tuple(share, fc.nat(7)).map(([where, bit]): Mutation => {
  return (bytes) => replaced(bytes, where, (byte) => byte ^ (1 << bit));
});
const put = fc.tuple(share, telling).map(
  ([where, byte]): Mutation =>
    (bytes) =>
      replaced(bytes, where, () => byte),
);
const insert = fc.tuple(share, fc.array(telling, { minLength: 1, maxLength: 4 })).map(([where, added]): Mutation => {
  return (bytes) => spliced(bytes, [where, where], Buffer.from(added));
});
const remove = fc.tuple(share, share).map(
  ([from, to]): Mutation =>
    (bytes) =>
      spliced(bytes, [from, to], Buffer.alloc(0)),
);
const repeat = fc.tuple(share, share).map(([from, to]): Mutation => {
  return (bytes) => spliced(bytes, [Math.max(from, to), Math.min(from, to)], Buffer.alloc(0));
});
/** The length of the text in the second value format, and a length in nearly anything. */
const length = fc
  .tuple(fc.constantFrom(0, 1, 10, 50, 255, 65_536, 0xffff_ffff), fc.nat(8))
  .map(([value, where]): Mutation => {
    return (bytes) => {
      if (bytes.length < where + 4) return bytes;
      const changed = Buffer.from(bytes);
      changed.writeUInt32BE(value, where);
      return changed;
    };
  });

function replaced(bytes: Buffer, where: number, change: (byte: number) => number): Buffer {
  const changed = Buffer.from(bytes);
  const index = Math.floor(where * bytes.length);
  const byte = changed[index];
  if (byte !== undefined) changed[index] = change(byte);
  return changed;
}

/** What stands before the one place and what stands from the other on; what lies between is doubled if they are crossed. */
function spliced(bytes: Buffer, [from, to]: readonly [number, number], added: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at(bytes, from)), added, bytes.subarray(at(bytes, to))]);
}

/** Some bytes, changed in one to four ways. */
export function mutated(originals: readonly Uint8Array[]): fc.Arbitrary<Buffer> {
  const changes = fc.array(fc.oneof(cut, flip, put, insert, remove, repeat, length), { minLength: 1, maxLength: 4 });
  return fc.tuple(fc.constantFrom(...originals), changes).map(([original, mutations]) => {
    return mutations.reduce<Buffer>((bytes, mutate) => mutate(bytes), Buffer.from(original));
  });
}
