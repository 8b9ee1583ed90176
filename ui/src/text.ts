/** How numbers, money and words are written, in one place. */

const whole = new Intl.NumberFormat('en');

export function count(value: number): string {
  return whole.format(value);
}

/** A count that a provider may not have told. */
export function counted(value: number | null | undefined): string {
  return value == null ? 'unknown' : count(value);
}

/** The characters of a text as Unicode counts them (scalar values), which is how Rust does. */
export function characters(text: string): number {
  // Beyond the first 65,536 a character takes two units.
  return text.length - (text.match(/[\u{10000}-\u{10ffff}]/gu)?.length ?? 0);
}

export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Milliseconds below a second, seconds above. */
export function duration(us: number): string {
  const ms = us / 1000;
  if (ms < 1) return '<1 ms';
  return ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}

/** Seconds with one decimal, as in a countdown: it changes ten times a second and no more. */
export function seconds(us: number): string {
  return `${(us / 1e6).toFixed(1)} s`;
}

/**
 * Dollars from an exact decimal string: all digits up to a millionth of a cent, and never a
 * rounded zero for something that costs.
 */
export function dollars(exact: string | null): string {
  if (exact === null) return 'unknown';
  const value = Math.abs(Number(exact));
  if (value === 0) return '$0';
  if (value >= 1) return signed(exact, 2);
  return signed(exact, digitsOf(value)).replace(/(\.\d\d\d*?)0+$/, '$1');
}

/** How many decimals an amount is written with. */
const digitsOf = (value: number) =>
  value >= 1 ? 2 : Math.max(2, Math.ceil(-Math.log10(value)) + 2);

/** With so many decimals; what is less than nothing has its sign before the dollar's. */
function signed(exact: string, digits: number): string {
  const fixed = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const value = Math.abs(Number(exact)).toLocaleString('en', fixed);
  return `${exact.startsWith('-') ? '−' : ''}$${value}`;
}

/**
 * Dollars that something costs at most, from an exact decimal string: never less than that is, and
 * so rounded up. Every "at most", "up to" and "≤" is written with this.
 */
export function bound(exact: string | null): string {
  if (exact === null || !(Number(exact) > 0)) return amount(exact);
  const [whole = '0', decimals = ''] = exact.split('.');
  const digits = digitsOf(Number(exact));
  const kept = BigInt(whole + decimals.slice(0, digits).padEnd(digits, '0'));
  const isCut = /[1-9]/.test(decimals.slice(digits));
  const up = String(isCut ? kept + 1n : kept).padStart(digits + 1, '0');
  return amount(`${up.slice(0, -digits)}.${up.slice(-digits)}`);
}

/** Dollars as they are said in a sentence: without cents where there are none. */
export function amount(exact: string | null): string {
  return dollars(exact).replace(/\.00$/, '');
}

/** An amount as it is `shown`, with a ≈ before it where that is not exactly what it is. */
export function about(exact: string | null, shown = amount(exact)): string {
  const digits = (text: string) =>
    text
      .replace(/^[-−]|[$,]/g, '')
      .replace(/(\.\d*?)0+$/, '$1')
      .replace(/\.$/, '');
  return exact === null || digits(exact) === digits(shown) ? shown : `≈ ${shown}`;
}

/** Dollars as they stand in a column: with the same number of digits. */
export function column(exact: readonly (string | null)[]): string[] {
  const digits = (value: string | null) => dollars(value).split('.')[1]?.length ?? 0;
  const most = Math.max(0, ...exact.map(digits));
  return exact.map((value) => (value === null ? 'unknown' : signed(value, most)));
}

/** Words as a sentence: with a capital, and with one full stop. */
export function sentence(words: string): string {
  const plain = words.trim().replace(/[.\s]+$/, '');
  return `${plain.charAt(0).toUpperCase()}${plain.slice(1)}.`;
}

/** Words of strangers without the characters that turn what stands around them around. */
export function unturned(words: string): string {
  return words.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}

/** Bytes in the unit that people read. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${String(bytes)} bytes`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(0)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

export function hex(bytes: readonly number[]): string {
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

export function message(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'message' in error)
    return String(error.message);
  return String(error);
}

/** When this day began here, in milliseconds since 1970. */
export function midnight(): number {
  return new Date().setHours(0, 0, 0, 0);
}
