import { describe, expect, it } from '@jest/globals';
import { RunningLoadContext } from '../../../lib/engine/load-context.js';
import { DEFAULT_POLICY, resolvePolicy } from '../../../lib/policy/resolve-policy.js';
import { entryOf } from './sharing-world.js';

const contextOf = (...tags: string[]): RunningLoadContext =>
  new RunningLoadContext('k', resolvePolicy(DEFAULT_POLICY, { tags }));

describe('What a loader is given', () => {
  it('makes its result carry the tags of the old value, beside its own, once it was looked at', () => {
    const context = contextOf('t');
    context.show(entryOf({ value: 'old', tags: ['t', 'u'] }));
    expect(context.policy.tags).toEqual(['t']);
    expect(context.stale).toBe('old');
    expect(context.stale).toBe('old');
    expect(context.policy.tags).toEqual(['t', 'u']);
  });

  it('is one signal, whenever it is asked for', () => {
    const [asked, late] = [contextOf(), contextOf()];
    const { signal } = asked;
    expect(asked.signal).toBe(signal);
    const reason = new Error('given up');
    for (const context of [asked, late]) context.abort(reason);
    expect([signal.reason, late.signal.reason, late.signal]).toEqual([reason, reason, late.signal]);
  });
});
