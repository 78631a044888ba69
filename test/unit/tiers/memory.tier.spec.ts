import { describe, it } from '@jest/globals';
import { MemoryTier } from '../../../lib/tiers/memory.tier.js';
import { nearTierCases } from '../../../lib/testing/near-tier.kit.js';

describe('The memory tier as a near tier, bounded by count,', () => {
  for (const { name, run } of nearTierCases(() => new MemoryTier({ max: 100, maxBytes: undefined }))) it(name, run);
});

describe('The memory tier as a near tier, bounded by bytes,', () => {
  for (const { name, run } of nearTierCases(() => new MemoryTier({ max: undefined, maxBytes: 1_000_000 })))
    it(name, run);
});
