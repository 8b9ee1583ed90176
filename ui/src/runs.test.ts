import { expect, test } from 'vitest';
import type { Delta } from './bindings/Delta';
import type { RunEvent } from './bindings/RunEvent';
import type { Summary } from './bindings/Summary';
import { FakeHost } from './host/fake';
import { replayed } from './kept';
import { UNSET } from './parameters';
import { Play } from './play.svelte';
import { dayOf } from './rooms/runs/outcomes';
import { Runs } from './runs.svelte';

const TARGET = { provider: 'practice', base_url: null, dialect: null, model: 'practice-1' };

function summary(id: string, question: string): Summary {
  return {
    id,
    started_ms: 0,
    title: '',
    starred: false,
    target: TARGET,
    by_hand: false,
    question,
    reply: '',
    outcome: 'finished',
    error: null,
    finish: null,
    usage: null,
    cost: null,
    duration_us: 0,
    attempts: 1,
    frames: 0,
    bytes: 0,
    imported: false,
    comparison: null,
    version: null,
  };
}

function word(text: string, at_us: number): RunEvent {
  const deltas = [{ type: 'text' as const, choice: 0, text }];
  return { type: 'frame', index: 0, at_us, offset: 0, raw: text, deltas };
}

/** A host that keeps one run: the second question of a conversation. */
function hostWith(events: RunEvent[]): FakeHost {
  const host = new FakeHost();
  host.pace = undefined;
  const messages = [
    { role: 'system' as const, text: 'Be brief.' },
    { role: 'user' as const, text: 'Why?' },
    { role: 'assistant' as const, text: 'Because.' },
    { role: 'user' as const, text: 'Why so?' },
  ];
  const chat = { messages, parameters: { ...UNSET, temperature: 0.5 } };
  host.kept = [{ run: { summary: summary('a', 'Why so?'), chat, price: null }, events }];
  return host;
}

function play(host: FakeHost): Play {
  const setup = {
    host,
    target: TARGET,
    system: 'Old.',
    parameters: UNSET,
    priceAs: '',
    draft: 'x',
  };
  return new Play(setup);
}

const turns = (room: Play) =>
  room.exchanges.map(({ question, run }) => [question, run?.text, run?.state]);

test('a run that is opened stands there as it was, and can be gone on with', async () => {
  const host = hostWith([word('It ', 5), word('is.', 9), { type: 'finished', at_us: 12 }]);
  const room = play(host);
  room.send();
  host.tell([word('Hm.', 1), { type: 'finished', at_us: 2 }]);
  const [kept] = host.kept;
  if (!kept) throw new Error('it was kept');
  room.open(kept.run, await replayed(host, kept.run));
  expect(turns(room)).toEqual([
    ['Why?', 'Because.', 'finished'],
    ['Why so?', 'It is.', 'finished'],
  ]);
  expect([room.system, room.parameters.temperature, room.draft]).toEqual(['Be brief.', 0.5, '']);
  expect(room.run?.ended).toBe(12);
  room.draft = 'Go on.';
  expect(room.chat.messages.map(({ text }) => text)).toEqual([
    'Be brief.',
    'Why?',
    'Because.',
    'Why so?',
    'It is.',
    'Go on.',
  ]);
  room.undo();
  expect(turns(room)).toEqual([['x', 'Hm.', 'finished']]);
});

test('a run that is opened is billed at the price of its day', async () => {
  const usage: Delta = {
    type: 'usage',
    input_tokens: 1,
    output_tokens: 1,
    cache_read_tokens: null,
    cache_write_tokens: null,
    cache_write_long_tokens: null,
    reported_cost: null,
    malformed: false,
    reasoning_tokens: null,
  };
  const frame: RunEvent = {
    type: 'frame',
    index: 0,
    at_us: 1,
    offset: 0,
    raw: '',
    deltas: [usage],
  };
  const host = hostWith([frame, { type: 'finished', at_us: 2 }]);
  const [kept] = host.kept;
  if (!kept) throw new Error('it was kept');
  kept.run.summary.started_ms = Date.UTC(2026, 4, 3, 23, 59);
  const room = play(host);
  room.open(kept.run, await replayed(host, kept.run));
  await room.bills.read();
  const pricedBy = host.billed.map((it) => it.pricedBy);
  expect(pricedBy).toEqual([
    { type: 'kept', price: null },
    { type: 'day', day: '2026-05-03' },
  ]);
  room.send();
  host.tell([frame, { type: 'finished', at_us: 2 }]);
  await room.bills.read();
  expect(host.billed.at(-1)?.pricedBy).toEqual({ type: 'today' });
});

test('a recording without an end says so', async () => {
  const host = hostWith([word('It ', 5)]);
  const room = play(host);
  const [kept] = host.kept;
  if (!kept) throw new Error('it was kept');
  room.open(kept.run, await replayed(host, kept.run));
  expect([room.run?.state, room.run?.ended, room.isRunning]).toEqual(['lost', 5, false]);
});

test('the list follows what is wanted', async () => {
  const host = hostWith([]);
  const runs = new Runs(host);
  await runs.refresh();
  await expect.poll(() => runs.list?.length).toBe(1);
  runs.narrow({ text: 'nothing like it' });
  await expect.poll(() => runs.list?.length).toBe(0);
  expect(runs.isFiltered).toBe(true);
  runs.narrow({ text: '' });
  await expect.poll(() => runs.list?.length).toBe(1);
  const [run] = runs.list ?? [];
  if (!run) throw new Error('it is there');
  await runs.star(run);
  expect(runs.list?.[0]?.starred).toBe(true);
  runs.select('a');
  await runs.remove(['a']);
  await expect.poll(() => runs.list?.length).toBe(0);
  expect(runs.selected.size).toBe(0);
});

test('runs are marked one by one and by the range, and keep their marks in another list', async () => {
  const host = hostWith([]);
  const [first] = host.kept;
  if (!first) throw new Error('it was kept');
  host.kept = ['a', 'b', 'c', 'd', 'e'].map((id) => {
    return { events: [], run: { ...first.run, summary: summary(id, `Why ${id}?`) } };
  });
  const runs = new Runs(host);
  await runs.refresh();
  await expect.poll(() => runs.list?.length).toBe(5);
  const marked = () => [...runs.selected].sort().join('');
  const steps: [string, boolean, string][] = [
    ['c', false, 'c'],
    ['e', true, 'cde'],
    ['d', false, 'ce'],
    ['a', true, 'abcde'],
    ['c', true, 'de'],
    ['x', true, 'dex'],
  ];
  for (const [id, through, expected] of steps) {
    runs.select(id, through);
    expect(marked(), `${id} ${String(through)}`).toBe([...expected].sort().join(''));
  }
  runs.narrow({ text: 'Why a?' });
  await expect.poll(() => runs.list?.length).toBe(1);
  expect(marked()).toBe('dex');
  runs.selectNone();
  expect(marked()).toBe('');
});

test('days have the names that people use', () => {
  const now = new Date(2026, 10, 21, 12).getTime();
  expect(dayOf(now, now)).toBe('Today');
  expect(dayOf(now - 86_400_000, now)).toBe('Yesterday');
  expect(dayOf(now - 3 * 86_400_000, now)).toContain('November 18');
});
