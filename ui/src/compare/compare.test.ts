import { expect, test, vi } from 'vitest';
import type { ComparisonSummary } from '../bindings/ComparisonSummary';
import type { KeptComparison } from '../bindings/KeptComparison';
import type { OverBudget } from '../bindings/OverBudget';
import type { Summary } from '../bindings/Summary';
import { FakeHost } from '../host/fake';
import { UNSET } from '../parameters';
import { columns, events, practice } from './made';
import type { Compare } from './compare.svelte';

/** Has every column that waits for it answer. */
async function answer(host: FakeHost, compare: Compare, text = 'Because.'): Promise<void> {
  await expect.poll(() => host.comparisons.rounds.length).toBeGreaterThan(0);
  for (const { id } of host.comparisons.rounds.at(-1)?.runs ?? [])
    host.comparisons.tell(id, events(text, { first: 20, end: 30 }));
  await expect.poll(() => compare.isRunning).toBe(false);
}

const names = (compare: Compare) => compare.shown.map((column) => compare.nameOf(column));
const texts = (compare: Compare) => compare.all.map(({ play }) => play.run?.text);
const round = (host: FakeHost, at = -1) => host.comparisons.rounds.at(at);

test('one Send goes to all columns in one round', async () => {
  const { host, compare } = columns('a', 'b', 'c');
  expect(compare.draft).toBe('Why?');
  compare.send();
  expect(host.comparisons.rounds).toHaveLength(1);
  expect(
    round(host)?.runs.map(({ column, repeat, target }) => [column, repeat, target.model]),
  ).toEqual([
    [0, 0, 'a'],
    [1, 0, 'b'],
    [2, 0, 'c'],
  ]);
  expect(compare.lanes.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  expect(compare.draft).toBe('');
  await answer(host, compare);
  expect(texts(compare)).toEqual(['Because.', 'Because.', 'Because.']);
  expect(compare.lanes.map(({ run }) => run.startUs)).toEqual([0, 100, 200]);
});

test('follow-ups continue the conversation of each column, in the next row', async () => {
  const { host, compare } = columns('a', 'b');
  compare.send();
  host.comparisons.tell(round(host)?.runs[0]?.id ?? '', events('One.', { first: 2, end: 3 }));
  host.comparisons.tell(round(host)?.runs[1]?.id ?? '', events('Two.', { first: 2, end: 3 }));
  await expect.poll(() => compare.canSend).toBe(true);
  compare.draft = 'And?';
  compare.send();
  expect(round(host)?.row).toBe(1);
  expect(round(host)?.comparison).toBe(round(host, 0)?.comparison);
  expect(round(host)?.plan.rows.map(({ prompt }) => prompt)).toEqual(['Why?', 'And?']);
  expect(round(host)?.runs.map(({ chat }) => chat.messages.map(({ text }) => text))).toEqual([
    ['Why?', 'One.', 'And?'],
    ['Why?', 'Two.', 'And?'],
  ]);
});

test('what New clears in all columns comes back together, and goes on as the same comparison', async () => {
  const { host, compare } = columns('a', 'b');
  compare.send();
  await answer(host, compare);
  compare.clear();
  expect(texts(compare)).toEqual([undefined, undefined]);
  expect(compare.lanes).toEqual([]);
  compare.undo();
  expect(texts(compare)).toEqual(['Because.', 'Because.']);
  expect(compare.lanes).toHaveLength(2);
  compare.draft = 'And?';
  compare.send();
  expect(round(host)?.comparison).toBe(round(host, 0)?.comparison);
});

test('a column that brought its conversation back by itself is left alone', async () => {
  const { host, compare } = columns('a', 'b');
  compare.send();
  await answer(host, compare);
  compare.clear();
  compare.all[0]?.play.undo();
  compare.undo();
  expect(texts(compare)).toEqual(['Because.', 'Because.']);
});

test('the same again is another repeat of the same row', async () => {
  const { host, compare } = columns('a', 'b');
  compare.send();
  await answer(host, compare);
  expect(compare.isAgain).toBe(true);
  compare.send();
  expect(round(host)?.row).toBe(0);
  expect(round(host)?.runs.map(({ column, repeat }) => [column, repeat])).toEqual([
    [0, 1],
    [1, 1],
  ]);
  await answer(host, compare);
  // One column alone counts its own repeats.
  compare.all[1]?.play.send();
  expect(round(host)?.runs.map(({ column, repeat }) => [column, repeat])).toEqual([[1, 2]]);
  expect(compare.lanes).toHaveLength(2);
});

test('a muted column is left out, and does not race', async () => {
  const { host, compare } = columns('a', 'b', 'c');
  const [, muted] = compare.all;
  if (muted) compare.mute(muted, true);
  compare.send();
  expect(round(host)?.runs.map(({ target }) => target.model)).toEqual(['a', 'c']);
  expect(compare.lanes.map(({ name }) => name)).toEqual(['a', 'c']);
  await answer(host, compare);
  if (muted) compare.mute(muted, false);
  compare.draft = 'And?';
  compare.send();
  expect(round(host)?.runs.map(({ target }) => target.model)).toEqual(['a', 'b', 'c']);
  await answer(host, compare);
  // What it said to an older question does not race with what the others say to this one.
  if (muted) compare.mute(muted, true);
  compare.draft = 'So?';
  compare.send();
  expect(compare.lanes.map(({ name }) => name)).toEqual(['a', 'c']);
});

test('one that fails leaves the others alone, and is asked again by itself', async () => {
  const { host, compare } = columns('a', 'b');
  compare.send();
  const [one, other] = round(host)?.runs ?? [];
  host.comparisons.tell(one?.id ?? '', [
    { type: 'failed', at_us: 5, error: { kind: 'refused', title: 'No' } as never },
  ]);
  host.comparisons.tell(other?.id ?? '', events('Because.', { first: 2, end: 3 }));
  await expect.poll(() => compare.isRunning).toBe(false);
  expect(compare.all.map(({ play }) => play.run?.state)).toEqual(['failed', 'finished']);
  // Its question does not come back into the box, which belongs to all.
  expect([compare.draft, compare.all[0]?.play.draft]).toEqual(['', '']);
  compare.all[0]?.play.send();
  expect(round(host)?.runs.map(({ column, repeat }) => [column, repeat])).toEqual([[0, 1]]);
});

test('one Stop stops all that still runs', async () => {
  const { host, compare } = columns('a', 'b', 'c');
  compare.send();
  await expect.poll(() => compare.rounds.id).toBeDefined();
  const ids = round(host)?.runs.map(({ id }) => id) ?? [];
  host.comparisons.tell(ids[0] ?? '', events('Because.', { first: 2, end: 3 }));
  compare.stop();
  expect(host.cancelled).toEqual(ids.slice(1));
  await expect.poll(() => compare.isRunning).toBe(false);
});

test('a budget is asked about once for all, and leaving it gives the words back', async () => {
  const { host, compare } = columns('a', 'b');
  host.over = { bound: '1', passed: [], runs: 2 } as unknown as OverBudget;
  compare.send();
  await expect.poll(() => compare.question).toBeDefined();
  expect(compare.all.map(({ play }) => play.run?.isHeld)).toEqual([true, true]);
  compare.stop();
  expect([compare.question, compare.draft]).toEqual([undefined, 'Why?']);
  expect(compare.all.every(({ play }) => play.run?.state === 'failed')).toBe(true);
  expect(host.comparisons.rounds).toHaveLength(0);
  compare.send();
  await expect.poll(() => compare.question).toBeDefined();
  compare.question?.send();
  await answer(host, compare);
  expect(texts(compare)).toEqual(['Because.', 'Because.']);
  expect(round(host)?.plan.rows).toHaveLength(1);
});

test('columns are moved, repeated, removed and brought back, and cells keep their column', async () => {
  const { host, compare } = columns('a', 'b', 'c');
  compare.send();
  await answer(host, compare);
  const [a, b] = compare.all;
  if (!a || !b) throw new Error('there are columns');
  compare.move(a, 1);
  expect(names(compare)).toEqual(['b', 'a', 'c']);
  compare.move(b, -1);
  expect(names(compare)).toEqual(['b', 'a', 'c']);
  compare.remove(b);
  expect(names(compare)).toEqual(['a', 'c']);
  expect(compare.done?.says).toMatch(/^b was removed/);
  compare.undo();
  expect(compare.done).toBeUndefined();
  expect(names(compare)).toEqual(['b', 'a', 'c']);
  compare.repeat(a);
  expect(names(compare)).toEqual(['b', 'a (1)', 'a (2)', 'c']);
  expect(compare.canAdd).toBe(false);
  const plan = host.comparisons.plans.get(compare.rounds.id ?? '');
  expect(plan?.order).toEqual([1, 0, 3, 2]);
  expect(plan?.columns.map(({ target }) => target.model)).toEqual(['a', 'b', 'c', 'a']);
});

test('whatever is done to columns, the plan names each of those that are shown once', () => {
  // A small generator of its own, so that a failure can be told by its seed.
  for (let seed = 1; seed <= 60; seed++) {
    let state = seed;
    const next = (below: number) => (state = (state * 48271) % 2147483647) % below;
    const { compare } = columns('a', 'b');
    for (let step = 0; step < 12; step++) {
      const column = compare.all[next(compare.all.length)];
      if (!column) throw new Error('there is one');
      const doing = [
        () => compare.add(practice(`m${String(next(3))}`)),
        () => compare.repeat(column),
        () => compare.move(column, next(2) === 0 ? -1 : 1),
        () => compare.remove(column),
        () => compare.undo(),
        () => compare.mute(column, next(2) === 0),
      ];
      doing[next(doing.length)]?.();
      const { order, columns: planned } = compare.rounds.plan;
      expect(new Set(order).size, `seed ${String(seed)}`).toBe(compare.all.length);
      expect(order.map((at) => planned[at]?.target.model)).toEqual(
        compare.all.map(({ play }) => play.target.model),
      );
      expect(compare.all).toContain(compare.selected);
      expect(compare.all.length).toBeGreaterThan(0);
      expect(compare.all.length).toBeLessThanOrEqual(4);
    }
  }
});

test('a new column takes over what was said, and waits for its own reply to the last question', async () => {
  const { host, compare } = columns('a');
  const asked = compare.play;
  asked.send();
  host.tell(events('One.', { first: 2, end: 3 }));
  await expect.poll(() => asked.isRunning).toBe(false);
  compare.add(practice('b'));
  const [, added] = compare.all;
  expect(added?.play.exchanges.map(({ question, run }) => [question, run?.text])).toEqual([
    ['Why?', undefined],
  ]);
  expect([compare.draft, compare.isAgain]).toEqual(['', true]);
  compare.send();
  expect(round(host)?.runs.map(({ chat }) => chat.messages.map(({ text }) => text))).toEqual([
    ['Why?'],
    ['Why?'],
  ]);
});

test('with one column left, it is Play as ever', async () => {
  const { host, compare } = columns('a', 'b');
  const [, b] = compare.all;
  if (b) compare.remove(b);
  expect(compare.isComparing).toBe(false);
  expect(compare.draft).toBe('Why?');
  compare.send();
  expect(host.comparisons.rounds).toHaveLength(0);
  expect(host.started).toHaveLength(1);
});

test('parameters and system of one column can be given to all', () => {
  const { compare } = columns('a', 'b', 'c');
  compare.select(compare.all[1]);
  compare.play.system = 'Be brief.';
  compare.play.parameters = { ...compare.play.parameters, temperature: 0 };
  compare.applyToAll();
  expect(compare.all.map(({ play }) => [play.system, play.parameters.temperature])).toEqual(
    Array.from({ length: 3 }, () => ['Be brief.', 0]),
  );
  compare.undo();
  expect(compare.all.map(({ play }) => [play.system, play.parameters.temperature])).toEqual([
    ['', null],
    ['Be brief.', 0],
    ['', null],
  ]);
});

test('what is sent to all is never the edit of one of them', async () => {
  for (const text of ['', 'And?']) {
    const { host, compare } = columns('a', 'b');
    compare.send();
    await answer(host, compare);
    const [one] = compare.all;
    const turn = one?.play.last;
    if (!one || !turn) throw new Error('it was asked');
    one.play.reword(turn);
    one.play.editing = { turn, text: 'Something else?' };
    compare.draft = text;
    compare.send();
    const asked = round(host)?.runs.map(({ chat }) => chat.messages.at(-1)?.text);
    expect(asked).toEqual([text || 'Why?', text || 'Why?']);
    expect(compare.all.map(({ play }) => play.draft)).toEqual(['', '']);
  }
});

test('a column that is removed is not paid for by a word about a budget', async () => {
  const { host, compare } = columns('a', 'b', 'c');
  host.over = { bound: '1', passed: [], runs: 3 } as unknown as OverBudget;
  compare.send();
  await expect.poll(() => compare.question).toBeDefined();
  const [, b] = compare.all;
  if (b) compare.remove(b);
  expect([compare.question, compare.draft]).toEqual([undefined, 'Why?']);
  compare.send();
  await expect.poll(() => compare.question).toBeDefined();
  compare.question?.send();
  await answer(host, compare);
  expect(round(host)?.runs.map(({ target }) => target.model)).toEqual(['a', 'c']);
});

test('a column that is asked alone runs on a clock from its own Send', async () => {
  const now = vi.spyOn(performance, 'now').mockReturnValue(1000);
  const { host, compare } = columns('a', 'b');
  compare.send();
  await answer(host, compare);
  now.mockReturnValue(300_000);
  compare.all[1]?.play.send();
  now.mockReturnValue(300_500);
  compare.clock.tick();
  expect(compare.clock.live).toBe(500_000);
  now.mockRestore();
});

/** A run of its own, as it was kept. */
function keptRun(host: FakeHost) {
  const chat = { messages: [{ role: 'user' as const, text: 'Alone?' }], parameters: UNSET };
  const summary = { id: 'one', target: practice('z'), started_ms: 0, by_hand: false } as Summary;
  const run = { summary, chat, price: null };
  host.kept = [{ run, events: events('Yes.', { first: 2, end: 3 }) }];
  return run;
}

test('a run that is opened over columns leaves them to be brought back, and to be left again', async () => {
  const { host, compare } = columns('a', 'b');
  compare.send();
  await answer(host, compare);
  compare.draft = 'Half a ques';
  compare.all[0]?.play.edit('{}');
  const before = compare.rounds.id;
  (await compare.readingRun(keptRun(host)))();
  expect([compare.isComparing, compare.play.run?.text]).toEqual([false, 'Yes.']);
  expect(compare.play.conversation.latest?.says).toBe('Another comparison was here.');
  compare.play.undo();
  expect([names(compare), compare.draft, texts(compare)]).toEqual([
    ['a', 'b'],
    'Half a ques',
    ['Because.', 'Because.'],
  ]);
  expect(compare.rounds.id).toBe(before);
  // What is asked next has a place of its own, and none that was taken.
  compare.draft = '';
  compare.send();
  expect(round(host)?.runs.map(({ repeat }) => repeat)).toEqual([1, 1]);
  await answer(host, compare);
  compare.play.redo();
  expect([compare.isComparing, compare.play.run?.text]).toEqual([false, 'Yes.']);
});

test('columns that were put beside an opened run are not taken away by Undo', async () => {
  const { host, compare } = columns('a', 'b');
  (await compare.readingRun(keptRun(host)))();
  compare.add(practice('c'));
  const shown = compare.all;
  compare.select(shown[0]);
  compare.play.undo();
  expect(compare.all).toEqual(shown);
});

/** A comparison of two models, as it was kept. */
function keptComparison(id: string): KeptComparison {
  const column = (model: string) => {
    return { label: model, target: practice(model), system: '', parameters: UNSET, muted: false };
  };
  return {
    summary: { id } as ComparisonSummary,
    plan: {
      columns: [column('x'), column('y')],
      rows: [{ label: '', messages: [], prompt: 'Why?' }],
      ...{ repeats: 1, order: [], varies: null, votes: [] },
    },
    cells: [],
  };
}

test('a comparison that is opened over columns leaves them to be brought back', async () => {
  const { compare } = columns('a', 'b', 'c');
  compare.draft = 'Half a ques';
  (await compare.reading(keptComparison('kept')))();
  expect([names(compare), compare.draft, compare.done?.says]).toEqual([
    ['x', 'y'],
    '',
    'Another comparison was here.',
  ]);
  compare.undo();
  expect([names(compare), compare.draft]).toEqual([['a', 'b', 'c'], 'Half a ques']);
});

test('what was deleted from the disk is not written there anew', async () => {
  for (const gone of [['kept'], undefined]) {
    const { host, compare } = columns('a');
    (await compare.reading(keptComparison('kept')))();
    compare.forget(['another']);
    expect(compare.rounds.id).toBe('kept');
    compare.forget(gone);
    await expect(compare.rounds.save()).resolves.toBeUndefined();
    compare.draft = 'And?';
    compare.send();
    expect(round(host)?.comparison).not.toBe('kept');
    expect(round(host)?.plan.rows.map(({ prompt }) => prompt)).toEqual(['And?']);
  }
});

test('nor does Undo bring back what was deleted since', async () => {
  const { host, compare } = columns('a');
  (await compare.reading(keptComparison('kept')))();
  (await compare.readingRun(keptRun(host)))();
  compare.forget(['kept']);
  compare.play.undo();
  expect([names(compare), compare.rounds.id]).toEqual([['x', 'y'], undefined]);
});
