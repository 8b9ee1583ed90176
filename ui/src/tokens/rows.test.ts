import { expect, test } from 'vitest';
import type { LaneSpan } from '../bindings/LaneSpan';
import type { Row } from '../bindings/Row';
import { HIGHEST, Rows, ahead, differing, drawn, placeAt } from './rows';

const FEW = [1, 7, 1000];
const MANY = [400_000, 4_000_000];

test.each([...FEW, ...MANY])('every one of %d rows can be scrolled to', (count) => {
  const rows = new Rows(count, 100, 400);
  expect(rows.height).toBeLessThanOrEqual(HIGHEST);
  for (const row of [0, Math.min(1, count - 1), Math.floor(count / 2), count - 1]) {
    const scrolled = rows.reveal(row, 0);
    expect(scrolled).toBeLessThanOrEqual(Math.max(rows.height - 400, 0) + 1);
    const { first, count: drawnRows } = rows.range(scrolled, 0);
    expect(row).toBeGreaterThanOrEqual(first);
    expect(row).toBeLessThan(first + drawnRows);
    const top = rows.top(row, scrolled) - scrolled;
    expect(top).toBeGreaterThanOrEqual(-1);
    expect(top + 100).toBeLessThanOrEqual(Math.max(400, 100) + 1);
  }
});

test('a row in view is not moved', () => {
  expect(new Rows(100, 50, 400).reveal(6, 200)).toBe(200);
});

test('only rows near the window are drawn', () => {
  const { first, count } = new Rows(15_000, 104, 400).range(700_000, 6);
  expect(count).toBeLessThan(20);
  expect(first).toBe(Math.floor(700_000 / 104) - 6);
});

test('what is drawn keeps the places of the text, whatever is made visible', () => {
  const text = 'a\tb c\u0007\r\n';
  const marked = drawn(text, true);
  expect(marked.text).toBe('a→   b·c␇↵');
  expect([0, 1, 2, 3, 4, 5, 6, 8].map((place) => marked.at(place))).toEqual([
    0, 1, 5, 6, 7, 8, 9, 10,
  ]);
  const plain = drawn(text, false);
  expect(plain.text).toHaveLength(marked.text.length);
  expect(drawn('plain', false).at(3)).toBe(3);
});

function spans(ends: number[]): LaneSpan[] {
  return ends.map((to, at) => ({
    ...{ from: ends[at - 1] ?? 0, to, column: 0, cells: 1, index: at, starts_with_space: false },
    ...{ from_before: false, goes_on: false, kind: 'token', tokens: [], more: 0 },
  }));
}

const row: Row = {
  ...{ index: 3, line: 0, starts_line: true, at: 100, text: 'abcd', cells: 4, look_alikes: [] },
  lanes: [spans([2, 4]), spans([2, 3, 4]), spans([1, 2, 3, 4])],
};

test('only what an encoding cuts otherwise differs', () => {
  expect(differing(row, [true, true, false])).toEqual([
    [false, true],
    [false, true, true],
    [false, false, false, false],
  ]);
  expect(differing(row, [true, false, false]).flat()).not.toContain(true);
});

test('a place of the text is found in its lane', () => {
  expect(placeAt([row], 0, 101)?.span.to).toBe(2);
  expect(placeAt([row], 1, 103)?.span.from).toBe(3);
  expect(placeAt([row], 0, 104)).toBeUndefined();
  expect(placeAt([row], 9, 101)).toBeUndefined();
});

test('what is read reaches beyond what is drawn, and seldom changes', () => {
  let changes = 0;
  let before = '';
  for (let first = 0; first < 160; first += 1) {
    const range = ahead({ first, count: 12 });
    expect(range.first).toBeLessThanOrEqual(Math.max(first - 16, 0));
    expect(range.first + range.count).toBeGreaterThanOrEqual(first + 12 + 16);
    if (JSON.stringify(range) !== before) changes += 1;
    before = JSON.stringify(range);
  }
  expect(changes).toBeLessThanOrEqual(21);
});
