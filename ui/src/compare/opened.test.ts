import { expect, test } from 'vitest';
import type { KeptComparison } from '../bindings/KeptComparison';
import type { Message } from '../bindings/Message';
import type { Summary } from '../bindings/Summary';
import type { FakeHost } from '../host/fake';
import { UNSET } from '../parameters';
import type { Compare } from './compare.svelte';
import { columns, events, practice } from './made';

const plan = (...models: string[]): KeptComparison['plan'] => ({
  columns: models.map((model) => {
    return { label: model, target: practice(model), system: 'S', parameters: UNSET, muted: false };
  }),
  rows: ['Why?', 'And?'].map((prompt) => ({ label: '', messages: [], prompt })),
  repeats: 1,
  order: [],
  varies: null,
  votes: [],
});

/** Keeps a run as a cell of the comparison. */
function keep(host: FakeHost, id: string, place: [number, number, number], said: string[]): void {
  const [row, column, repeat] = place;
  const target = practice(host.comparisons.kept?.plan.columns[column]?.target.model ?? '');
  const summary = { id, target, started_ms: 0, by_hand: false } as Summary;
  const roles = ['user', 'assistant'] as const;
  const messages = said
    .slice(0, -1)
    .map((text, at): Message => ({ role: roles[at % 2] ?? 'user', text }));
  const chat = { messages, parameters: UNSET };
  host.kept.push({
    run: { summary, chat, price: null },
    events: events(said.at(-1) ?? '', { first: 10 + column, end: 20 + column }),
  });
  const start_us = 100 * column;
  host.comparisons.kept?.cells.push({ place: { row, column, repeat }, run: id, start_us, summary });
}

function kept(...models: string[]) {
  const made = columns('x', 'y');
  made.host.comparisons.kept = { summary: { id: 'c' } as never, plan: plan(...models), cells: [] };
  return made;
}

async function open(host: FakeHost, compare: Compare): Promise<void> {
  (await compare.reading(await host.openComparison('c')))();
}

test('a comparison comes back with every reply, and its race is on the same clock', async () => {
  const { host, compare } = kept('a', 'b');
  keep(host, '1', [0, 0, 0], ['Why?', 'One.']);
  keep(host, '2', [0, 1, 0], ['Why?', 'Uno.']);
  keep(host, '3', [1, 0, 0], ['Why?', 'One.', 'And?', 'Two.']);
  keep(host, '4', [1, 1, 0], ['Why?', 'Uno.', 'And?', 'Dos.']);
  keep(host, '5', [1, 1, 1], ['Why?', 'Uno.', 'And?', 'Tres.']);
  await open(host, compare);
  const said = compare.all.map(({ play }) =>
    play.exchanges.map(({ question, runs }) => [question, ...runs.map(({ text }) => text)]),
  );
  expect(said).toEqual([
    [
      ['Why?', 'One.'],
      ['And?', 'Two.'],
    ],
    [
      ['Why?', 'Uno.'],
      ['And?', 'Dos.', 'Tres.'],
    ],
  ]);
  expect(compare.lanes.map(({ run }) => [run.id, run.startUs])).toEqual([
    ['3', 0],
    ['5', 100],
  ]);
  compare.clock.goTo(10_050);
  expect(compare.lanes.map(({ seen }) => seen.text)).toEqual(['Two.', '']);
  // And it goes on: the next question is another row of the same comparison.
  compare.draft = 'So?';
  compare.send();
  expect(host.comparisons.rounds[0]).toMatchObject({ comparison: 'c', row: 2 });
  expect(host.comparisons.rounds[0]?.runs.map(({ column, repeat }) => [column, repeat])).toEqual([
    [0, 0],
    [1, 0],
  ]);
});

test('asked again after it was opened, a cell has the next repeat', async () => {
  const { host, compare } = kept('a', 'b');
  keep(host, '1', [1, 0, 0], ['Why?', 'One.']);
  keep(host, '2', [1, 1, 3], ['Why?', 'Uno.']);
  await open(host, compare);
  compare.send();
  expect(host.comparisons.rounds[0]?.runs.map(({ column, repeat }) => [column, repeat])).toEqual([
    [0, 1],
    [1, 4],
  ]);
});

test('what is gone leaves its column empty, and a hidden column stays hidden', async () => {
  const { host, compare } = kept('a', 'b', 'c');
  if (host.comparisons.kept) host.comparisons.kept.plan.order = [2, 0];
  keep(host, '1', [0, 0, 0], ['Why?', 'One.']);
  host.comparisons.kept?.cells.push({
    place: { row: 0, column: 2, repeat: 0 },
    run: 'gone',
    start_us: null,
    summary: null,
  });
  await open(host, compare);
  expect(compare.all.map(({ play }) => [play.target.model, play.run?.text])).toEqual([
    ['c', undefined],
    ['a', 'One.'],
  ]);
});
