import { fileURLToPath } from 'node:url';

/** What the environment says of this instance, read and checked. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  /** None: the database runs in this process. */
  readonly databaseUrl: string | undefined;
  /** Where the database of this process keeps its files; none: it forgets them. */
  readonly dataFolder: string | undefined;
  /** None: the caches are in memory only. */
  readonly redisUrl: string | undefined;
  readonly cacheEnabled: boolean;
  /** How many products a new database is filled with. */
  readonly products: number;
}

/** A setting that cannot work; its message says which, and what it takes. */
export class SettingError extends Error {}

const DATA_FOLDER = fileURLToPath(new URL('../../sample/01-storefront/.data', import.meta.url));
const MOST_PRODUCTS = 1_000_000;

export function readSettings(): Settings {
  const { HOST, PORT, DATABASE_URL, DATA_DIR, REDIS_URL, CACHE, PRODUCTS } = process.env;
  return {
    host: HOST || '127.0.0.1',
    port: wholeNumber('PORT', PORT || '3000', { least: 0, most: 65_535 }),
    databaseUrl: address('DATABASE_URL', DATABASE_URL, ['postgres:', 'postgresql:']),
    dataFolder: DATA_DIR === 'memory' ? undefined : DATA_DIR || DATA_FOLDER,
    redisUrl: address('REDIS_URL', REDIS_URL, ['redis:', 'rediss:']),
    cacheEnabled: isOn('CACHE', CACHE),
    products: wholeNumber('PRODUCTS', PRODUCTS || '20000', { least: 1, most: MOST_PRODUCTS }),
  };
}

function wholeNumber(name: string, given: string, { least, most }: { least: number; most: number }): number {
  const number = /^\d+$/.test(given) ? Number(given) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new SettingError(`${name} is '${given}'; it takes a whole number from ${least} to ${most}.`);
}

function address(name: string, given: string | undefined, protocols: readonly string[]): string | undefined {
  if (!given) return undefined;
  if (URL.canParse(given) && protocols.includes(new URL(given).protocol)) return given;
  // What was given may hold a password: it is not repeated.
  throw new SettingError(
    `${name} is no address that begins with ${protocols.map((each) => `${each}//`).join(' or ')}.`,
  );
}

function isOn(name: string, given: string | undefined): boolean {
  if (given !== undefined && !['', 'on', 'off'].includes(given)) {
    throw new SettingError(`${name} is '${given}'; it takes on or off.`);
  }
  return given !== 'off';
}
