import { expect, test } from 'vitest';
import { drawing, path, thickness, type Stretch } from './braid';

function stretch(
  parent: number | null,
  text: string,
  count: number,
  ends = 0,
  groups = [0],
): Stretch {
  return { parent, text, tokens: text.split(' ').length, count, ends, groups };
}

test('equal replies are one lane', () => {
  const { strands, lanes, tokens } = drawing([stretch(null, 'The sky is blue', 3, 3)]);
  expect([lanes, tokens, strands.length]).toEqual([1, 4, 1]);
});

test('what most replies say goes straight on and the others leave below it', () => {
  const { strands, lanes, tokens } = drawing([
    stretch(null, 'The sky', 4),
    stretch(0, 'bends', 1, 1),
    stretch(0, 'is blue', 3, 1),
    stretch(2, 'and wide', 2, 2),
  ]);
  const placed = strands.map(({ text, lane, fromLane, from, to }) => [
    text,
    lane,
    fromLane,
    from,
    to,
  ]);
  expect(placed).toEqual([
    ['The sky', 0, 0, 0, 2],
    ['is blue', 0, 0, 2, 4],
    ['and wide', 0, 0, 4, 6],
    ['bends', 1, 0, 2, 3],
  ]);
  expect([lanes, tokens]).toEqual([2, 6]);
});

test('lanes of the same weight stand as their replies are listed', () => {
  const { strands } = drawing([
    stretch(null, 'The', 3, 0, [0, 1, 2]),
    stretch(0, 'b', 1, 1, [1]),
    stretch(0, 'c', 1, 1, [2]),
    stretch(0, 'a', 1, 1, [0]),
  ]);
  expect(strands.map(({ text, lane }) => [text, lane])).toEqual([
    ['The', 0],
    ['a', 0],
    ['b', 1],
    ['c', 2],
  ]);
});

test('replies that have nothing in common begin in lanes of their own', () => {
  const { strands, lanes } = drawing([stretch(null, 'One', 1, 1), stretch(null, 'Two', 1, 1)]);
  expect(strands.map(({ lane, fromLane }) => [lane, fromLane])).toEqual([
    [0, 0],
    [1, 1],
  ]);
  expect(lanes).toBe(2);
  expect(drawing([])).toEqual({ strands: [], lanes: 0, tokens: 0 });
});

test('replies that part at every token are no trouble', () => {
  const deep = Array.from({ length: 20_000 }, (_, at) => stretch(at === 0 ? null : at - 1, 'a', 1));
  expect(drawing(deep).tokens).toBe(20_000);
});

test('a strand is as thick as its share, and bends only where it leaves its lane', () => {
  expect([thickness(4, 4), thickness(1, 4), thickness(0, 0)]).toEqual([12, 4.5, 0]);
  const [x, y] = [(token: number) => token * 10, (lane: number) => lane * 20];
  const { strands } = drawing([stretch(null, 'a b', 2), stretch(0, 'c', 1), stretch(0, 'd', 1)]);
  expect(strands.map((strand) => path(strand, x, y))).toEqual([
    'M0 0H20',
    'M20 0H30',
    'M20 0C25 0 25 20 30 20H30',
  ]);
});
