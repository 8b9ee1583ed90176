/** How numbers, money and words are written, in one place. */

const whole = new Intl.NumberFormat('en');

export function count(value: number): string {
  return whole.format(value);
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
  const value = Number(exact);
  if (value === 0) return '$0';
  if (value >= 1) return `$${value.toFixed(2)}`;
  const digits = Math.max(2, Math.ceil(-Math.log10(value)) + 2);
  const short = value.toFixed(digits).replace(/(\.\d\d\d*?)0+$/, '$1');
  return `$${short}`;
}

/** Dollars as they stand in a column: with the same number of digits. */
export function column(exact: readonly (string | null)[]): string[] {
  const digits = (value: string | null) => dollars(value).split('.')[1]?.length ?? 0;
  const most = Math.max(0, ...exact.map(digits));
  return exact.map((value) => (value === null ? 'unknown' : `$${Number(value).toFixed(most)}`));
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
