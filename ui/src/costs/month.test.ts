import { beforeEach, expect, test, vi } from 'vitest';
import { FakeHost } from '../host/fake';
import { Month } from './month.svelte';

let host = new FakeHost();
let month = new Month(host);
beforeEach(async () => {
  host = new FakeHost();
  month = new Month(host);
  month.read();
  await expect.poll(() => month.answer).toBeTruthy();
});

test('it begins with the classic example: $1,500 a month, $50 a day, a cent a call', () => {
  const { per_call, per_day, per_month } = month.lead ?? {};
  expect([month.isClassic, per_call, per_day, per_month]).toEqual([true, '0.01', '50', '1500']);
});

test('a field in which no number stands keeps its text, and the figures of the last plan', async () => {
  month.set('calls_per_day', 'lots');
  expect(month.fields.calls_per_day).toBe('lots');
  expect(month.problem('calls_per_day')).toContain('Write a number');
  expect([month.isOld, month.lead?.per_month]).toEqual([true, '1500']);
  month.set('calls_per_day', '10,000');
  expect(month.isOld).toBe(false);
  await expect.poll(() => month.lead?.per_month).toBe('3000');
});

test('what Rust refuses stands beside the field that it is about', async () => {
  host.month = () =>
    Promise.reject({ code: 'bad_plan', message: 'At most 100 %.', field: 'cached_percent' });
  month.set('cached_percent', '120');
  await expect.poll(() => month.problem('cached_percent')).toBe('At most 100 %.');
  expect(month.problem('batch_percent')).toBeUndefined();
  expect(month.isOld).toBe(true);
});

test('of quick changes only the last is asked for', async () => {
  const asked = vi.spyOn(host, 'month');
  for (const calls of ['1', '12', '120', '1200']) month.set('calls_per_day', calls);
  await expect.poll(() => month.lead?.per_month).toBe('360');
  expect(asked).toHaveBeenCalledTimes(1);
});

test('a model can be added once, looked at, and left out', async () => {
  month.add('mystery-1');
  month.add('mystery-1');
  month.choose('mystery-1');
  await expect.poll(() => month.lead?.model).toBe('mystery-1');
  expect(month.lead).toMatchObject({ per_month: null, total: null });
  expect(month.models.filter((it) => it === 'mystery-1')).toHaveLength(1);
  month.remove('mystery-1');
  await expect.poll(() => month.lead?.model).toBe('gpt-4o');
});

test('the table that is copied is of the figures that are shown', () => {
  expect(month.answer?.csv).toContain('gpt-4o,0.01,1500');
});
