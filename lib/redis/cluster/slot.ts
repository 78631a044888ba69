const SLOTS = 16_384;
/** CRC-16 with the polynomial 0x1021, as Redis Cluster has it. */
const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021;
  return crc;
});

/** The slot of a key: of the part between the first brace and the next, where there is one. */
export function slotOf(key: string): number {
  const begin = key.indexOf('{');
  const end = key.indexOf('}', begin + 1);
  const hashed = begin >= 0 && end > begin + 1 ? key.slice(begin + 1, end) : key;
  let crc = 0;
  for (const byte of Buffer.from(hashed)) crc = ((crc << 8) ^ (TABLE[(crc >> 8) ^ byte] as number)) & 0xffff;
  return crc % SLOTS;
}
