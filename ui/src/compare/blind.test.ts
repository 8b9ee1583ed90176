import { expect, test } from 'vitest';
import { shuffled } from './blind.svelte';
import type { Compare } from './compare.svelte';
import { columns, events } from './made';
import type { FakeHost } from '../host/fake';

async function answer(host: FakeHost, compare: Compare, ...texts: string[]): Promise<void> {
  await expect.poll(() => host.comparisons.rounds.length).toBeGreaterThan(0);
  host.comparisons.rounds.at(-1)?.runs.forEach(({ id }, at) => {
    host.comparisons.tell(id, events(texts[at] ?? 'Because.', { first: 20, end: 30 }));
  });
  await expect.poll(() => compare.isRunning).toBe(false);
}

const names = (compare: Compare) => compare.shown.map((column) => compare.nameOf(column));

test('names are hidden in columns and race until one is chosen', async () => {
  const { host, compare } = columns('a', 'b', 'c');
  compare.blind.begin();
  expect(names(compare)).toEqual(['A', 'B', 'C']);
  compare.send();
  expect(compare.blind.canChoose).toBe(false);
  await answer(host, compare);
  expect(compare.lanes.map(({ name }) => name)).toEqual(['A', 'B', 'C']);
  expect(compare.blind.canChoose).toBe(true);
  const best = compare.shown[1];
  await compare.blind.choose(best);
  expect(compare.blind.chosen).toEqual({ best, letter: 'B' });
  // The names are seen where their letters stood.
  expect([...names(compare)].sort()).toEqual(['a', 'b', 'c']);
  expect(names(compare)[1]).toBe(best?.play.target.model);
  const tally = compare.blind.tally ?? [];
  expect(tally.find(({ model }) => model === names(compare)[1])).toMatchObject({ won: 1, lost: 0 });
  expect(tally.filter(({ lost }) => lost === 1)).toHaveLength(2);
  await compare.blind.forget();
  expect(compare.blind.tally).toEqual([]);
});

test('a tie is one for all, and what said nothing is not among them', async () => {
  const { host, compare } = columns('a', 'b', 'c');
  compare.blind.begin();
  compare.send();
  const [one, two, three] = host.comparisons.rounds.at(-1)?.runs ?? [];
  await expect.poll(() => compare.rounds.id).toBeDefined();
  const error = { kind: 'refused', title: 'No' } as never;
  host.comparisons.tell(one?.id ?? '', [{ type: 'failed', at_us: 5, error }]);
  for (const it of [two, three])
    host.comparisons.tell(it?.id ?? '', events('Because.', { first: 2, end: 3 }));
  await expect.poll(() => compare.blind.canChoose).toBe(true);
  await compare.blind.choose(undefined);
  expect(compare.rounds.votes).toEqual([{ row: 0, repeat: 0, best: null, among: [1, 2] }]);
  expect(compare.blind.tally?.map(({ model, tied }) => [model, tied]).sort()).toEqual([
    ['b', 1],
    ['c', 1],
  ]);
});

test('the next question hides the names again, and nothing is chosen twice', async () => {
  const { host, compare } = columns('a', 'b');
  compare.blind.begin();
  compare.send();
  await answer(host, compare);
  await compare.blind.choose(compare.shown[0]);
  await compare.blind.choose(compare.shown[1]);
  expect(compare.rounds.votes).toHaveLength(1);
  // Their names were seen: hiding them again makes no second choice of the same replies.
  compare.blind.end();
  compare.blind.begin();
  expect(compare.blind.canChoose).toBe(false);
  await compare.blind.choose(compare.shown[1]);
  expect(compare.rounds.votes).toHaveLength(1);
  compare.draft = 'And?';
  compare.send();
  expect(names(compare)).toEqual(['A', 'B']);
  await answer(host, compare);
  compare.blind.end();
  expect(names(compare)).toEqual(['a', 'b']);
});

test('a shuffle loses nothing, and every order can come', () => {
  const all = ['a', 'b', 'c'];
  const seen = new Set<string>();
  for (let one = 0; one < 3; one++)
    for (let other = 0; other < 2; other++) {
      const draws = [one / 3, other / 2, 0];
      const order = shuffled(all, () => draws.shift() ?? 0);
      expect([...order].sort()).toEqual(all);
      seen.add(order.join(''));
    }
  expect(seen.size).toBe(6);
});
