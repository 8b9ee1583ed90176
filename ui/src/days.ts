/** Days as a date field writes them (YYYY-MM-DD), in the person's own calendar. */

/** The day of a time; empty where there is none. */
export function dayIn(ms: number | null): string {
  if (ms === null) return '';
  const date = new Date(ms);
  const two = (value: number) => String(value).padStart(2, '0');
  const year = String(date.getFullYear()).padStart(4, '0');
  return `${year}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The day of a time in UTC, which prices are dated in. */
export function utcDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** When a day begins; null for a field that is empty or half filled. */
export function msOf(day: string): number | null {
  const ms = new Date(`${day}T00:00`).getTime();
  return Number.isNaN(ms) ? null : ms;
}

/** When the day after begins: a day may have 23 hours, or 25. */
export function dayAfter(day: string): number | null {
  const begin = msOf(day);
  return begin === null ? null : new Date(begin).setDate(new Date(begin).getDate() + 1);
}

/** How many minutes the person's clock is ahead of UTC. */
export function minutesEast(): number {
  return -new Date().getTimezoneOffset();
}
