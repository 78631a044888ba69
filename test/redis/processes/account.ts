import { inspect } from 'node:util';

/** Figures for whoever asks for them by the variable ACCOUNT: the tests are silent otherwise. */
export function tell(...figures: readonly unknown[]): void {
  if (process.env['ACCOUNT'] === undefined) return;
  process.stderr.write(`${figures.map((figure) => inspect(figure, { breakLength: 200 })).join(' ')}\n`);
}
