import { dayAfter, dayIn, msOf } from '../days';

export type Span = 'week' | 'days' | 'month' | 'year';
export type By = 'days' | 'models' | 'providers' | 'conversations';

/** How far back to look, from today. */
export const SPANS: readonly { value: Span; text: string; says: string }[] = [
  { value: 'week', text: '7 days', says: 'in the last 7 days' },
  { value: 'days', text: '30 days', says: 'in the last 30 days' },
  { value: 'month', text: 'This month', says: 'this month' },
  { value: 'year', text: 'A year', says: 'in the last 365 days' },
];

/** When a span begins that ends with the day of `now`. A day may have 23 hours, or 25. */
export function begins(span: Span, now: number): number {
  const day = new Date(now);
  if (span === 'month') return day.setDate(1);
  return day.setDate(day.getDate() - { week: 6, days: 29, year: 364 }[span]);
}

/** When each day begins, from the one of `since` to that of `until`. */
export function everyDay(since: number, until: number): number[] {
  const all: number[] = [];
  for (let at: number | null = since; at !== null && at <= until; at = dayAfter(dayIn(at)))
    all.push(at);
  return all;
}

/** A day (YYYY-MM-DD) as it is said. */
export function dayName(key: string): string {
  const ms = msOf(key);
  const name = new Intl.DateTimeFormat('en', { weekday: 'short', day: 'numeric', month: 'short' });
  return ms === null ? key : name.format(ms);
}
