import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

export const USAGE = `npm run demo [-- options]
  --seconds 20        how long each side is driven
  --connections 32    how many customers ask at a time
  --seed 1            which customers
  --url http://…      drives a storefront that runs already, instead of one without and one with the cache
  --picture FILE      where the picture goes; with --url there is none unless this is given
`;

/** What the command line says; throws where it makes no sense. */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: 'string', default: '20' },
      connections: { type: 'string', default: '32' },
      seed: { type: 'string', default: '1' },
      url: { type: 'string' },
      picture: { type: 'string' },
      /** Of the tests: another program that answers like the storefront. */
      server: {
        type: 'string',
        default: fileURLToPath(new URL('../../../dist-sample/01-storefront/main.js', import.meta.url)),
      },
      help: { type: 'boolean', default: false },
    },
  });
  const picture = fileURLToPath(new URL('demo.svg', import.meta.url));
  return {
    seconds: wholeNumber('seconds', values.seconds),
    connections: wholeNumber('connections', values.connections),
    seed: wholeNumber('seed', values.seed),
    url: values.url,
    picture: values.picture ?? (values.url === undefined ? picture : undefined),
    server: values.server,
    help: values.help,
  };
}

function wholeNumber(name, text) {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new Error(`--${name} ${text}: a whole number above 0 is needed.`);
  return number;
}
