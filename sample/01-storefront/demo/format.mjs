const NOTHING = '–';
const LOCALE = 'en-GB';

/** 12,345; 123; 4.2; 4. */
export function number(value) {
  return Number.isFinite(value) ? value.toLocaleString(LOCALE, { maximumFractionDigits: digitsOf(value) }) : NOTHING;
}

/** 123 ms; 12.0 ms; 4.20 ms. */
export function milliseconds(value) {
  const digits = digitsOf(value);
  const precise = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return Number.isFinite(value) ? `${value.toLocaleString(LOCALE, precise)} ms` : NOTHING;
}

export function percent(share) {
  return Number.isFinite(share) ? `${(share * 100).toFixed(1)} %` : NOTHING;
}

function digitsOf(value) {
  return value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
}
