import { expect, test } from 'vitest';
import type { ModelBill } from '../bindings/ModelBill';
import type { PieceCost } from '../bindings/PieceCost';
import { costGrowth, Paces, rateGrowth } from './growth';
import { run } from './made';

/** The pieces of a run, and how many of them were looked at. */
function watched(pieces: PieceCost[]) {
  const seen = { reads: 0 };
  const all = new Proxy(pieces, {
    get(of, name, it) {
      if (typeof name === 'string' && /^\d+$/.test(name)) seen.reads++;
      return Reflect.get(of, name, it) as unknown;
    },
  });
  return { seen, all };
}

test.each([
  [0.4, 200],
  [3, 4],
  [60, 1500],
  [3600, 80],
])('tokens that come evenly for %d s are a level line', (seconds, perSecond) => {
  const paces = new Paces();
  const frames = seconds * perSecond;
  for (let at = 0; at < frames; at++) paces.add(2e6 + (at * 1e6) / perSecond, 1);
  const points = paces.points(7e6);
  expect(points.length).toBeLessThan(90);
  expect(points[0]?.value).toBe(0);
  expect(points.at(-1)?.value).toBe(0);
  const middle = points.slice(3, -4);
  const mean = middle.reduce((sum, { value }) => sum + value, 0) / middle.length;
  expect(Math.abs(mean / perSecond - 1), `${String(mean)} a second`).toBeLessThan(0.35);
  expect(points.every(({ at }, index) => index === 0 || at > (points[index - 1]?.at ?? 0))).toBe(
    true,
  );
  const part = (points[2]?.at ?? 0) - (points[1]?.at ?? 0);
  expect(points[0]?.at, 'from the first token').toBe(9e6);
  expect(points.at(-1)?.at, 'to the last').toBeLessThanOrEqual(9e6 + seconds * 1e6 + part);
});

test('no token is lost when parts become longer', () => {
  const paces = new Paces();
  for (const at of [0, 1, 4999, 5000, 399_999, 400_000, 799_999, 1e9]) paces.add(at, 3);
  const points = paces.points(0);
  expect(points.length).toBeLessThan(90);
  expect(points.at(-1)?.at).toBeGreaterThan(1e9);
  // All but the last are in the first part by now; its rate is of three parts.
  const part = (points[2]?.at ?? 0) - (points[1]?.at ?? 0);
  expect((points[1]?.value ?? 0) * 3 * (part / 1e6)).toBeCloseTo(21);
  expect(new Paces().points(0)).toEqual([]);
});

test('what a run came to is worked out once, however often it is drawn', () => {
  const { run: it } = run('a', 'one two', { first: 100, last: 200, end: 300 });
  const { seen, all } = watched([
    { tokens: 1, cost: '0.01' },
    { tokens: 1, cost: '0.02' },
    { tokens: 0, cost: null },
  ] as PieceCost[]);
  it.pieces = all;
  it.bill = { bill: { total: '0.05' } } as ModelBill;
  const [costs, rates] = [costGrowth(it), rateGrowth(it)];
  expect(costs.map(({ at, value }) => [at / 1000, value])).toEqual([
    [0, 0],
    [1, 0.02],
    [100, 0.03],
    [200, 0.05],
  ]);
  expect(rates.length).toBeGreaterThan(2);
  const before = seen.reads;
  it.startUs = 1000;
  expect(costGrowth(it).map(({ at }) => at)).toEqual(costs.map(({ at }) => at + 1000));
  expect(rateGrowth(it).map(({ at }) => at)).toEqual(rates.map(({ at }) => at + 1000));
  expect(seen.reads, 'no piece is looked at again').toBe(before);
  it.bill = { bill: { total: '0.06' } } as ModelBill;
  expect(costGrowth(it)[1]?.value, 'another bill is another prompt').toBeCloseTo(0.03);
});
