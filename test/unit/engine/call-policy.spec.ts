import { describe, expect, it } from '@jest/globals';
import { CallPolicy } from '../../../lib/engine/call-policy.js';
import { DEFAULT_POLICY } from '../../../lib/policy/resolve-policy.js';
import type { Tiers } from '../../../lib/policy/retention.js';

const SUSPICION = "ttl: 60 is 60 milliseconds. For seconds write '60s'; to keep milliseconds and silence this, '60ms'.";

function callPolicy(tiers: Tiers = 'memory'): { readonly policy: CallPolicy; readonly warnings: string[] } {
  const warnings: string[] = [];
  return { policy: new CallPolicy(DEFAULT_POLICY, (message) => void warnings.push(message), tiers), warnings };
}

describe('The policy of a call', () => {
  it('is that of the cache where nothing is said', () => {
    expect(callPolicy().policy.resolve(undefined)).toBe(DEFAULT_POLICY);
  });

  it('tells the first suspicion of all, and each by its place where there is one', () => {
    const { policy, warnings } = callPolicy();
    policy.resolve({ ttl: '60ms' });
    policy.resolve({ ttl: 60 });
    policy.resolve({ ttl: 60 });
    policy.resolve({ ttl: 60 }, 'Users.find');
    policy.resolve({ ttl: 60 }, 'Users.list');
    expect(warnings).toEqual([SUSPICION, `Users.find: ${SUSPICION}`, `Users.list: ${SUSPICION}`]);
  });

  it('tells it also when a place was told of before', () => {
    const { policy, warnings } = callPolicy();
    policy.resolve({ ttl: 60 }, 'Users.find');
    policy.resolve({ ttl: 60 });
    expect(warnings).toEqual([`Users.find: ${SUSPICION}`, SUSPICION]);
  });

  it('may slide where there is memory alone', () => {
    expect(callPolicy().policy.resolve({ sliding: true }).sliding).toBe(true);
    expect(() => callPolicy('memory and another').policy.resolve({ sliding: true })).toThrow(/^sliding: got true/);
  });
});
