/** What went otherwise than it should: how often, and by kind. */
export class Failures {
  count = 0;
  /** Number by reason. */
  reasons = new Map();

  expect(method, path, status, expected) {
    if (expected.includes(status)) return;
    this.add(`${method} ${path.split('?')[0]} answered ${status}, not ${expected.join(' or ')}`);
  }

  add(text) {
    const reason = text.replaceAll(/\/\d+/g, '/:id');
    this.count++;
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
  }
}
