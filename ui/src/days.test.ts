import { expect, test } from 'vitest';
import { dayAfter, dayIn, msOf } from './days';

test('a day is that of the calendar on the wall, and ends where the next begins', () => {
  for (const day of ['2026-03-29', '2026-10-25', '2024-02-29', '1999-12-31']) {
    const [begin, end] = [msOf(day) ?? 0, dayAfter(day) ?? 0];
    expect(dayIn(begin)).toBe(day);
    expect(dayIn(end - 1)).toBe(day);
    expect(dayIn(end)).not.toBe(day);
  }
  expect([msOf(''), dayAfter('20'), dayIn(null)]).toEqual([null, null, '']);
});
