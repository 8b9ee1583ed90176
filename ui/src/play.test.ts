import { flushSync } from 'svelte';
import { replied, text, usage } from './host/replied';
import { expect, test } from 'vitest';
import type { ApiError } from './bindings/ApiError';
import type { RunEvent } from './bindings/RunEvent';
import type { Exchange } from './conversation.svelte';
import { FakeHost } from './host/fake';
import { UNSET } from './parameters';
import { Play } from './play.svelte';

function room(): { host: FakeHost; play: Play } {
  const host = new FakeHost();
  host.pace = undefined;
  const target = { provider: 'practice', base_url: null, dialect: null, model: 'practice-1' };
  const setup = {
    host,
    target,
    system: 'Be brief.',
    parameters: UNSET,
    priceAs: '',
    draft: 'Why?',
  };
  return { host, play: new Play(setup) };
}

function word(text: string): RunEvent {
  const deltas = [{ type: 'text' as const, choice: 0, text }];
  return { type: 'frame', index: 0, at_us: 1, offset: 0, raw: '', deltas };
}

async function answer(host: FakeHost, play: Play, ...events: RunEvent[]): Promise<void> {
  host.tell(events);
  await expect.poll(() => play.isRunning).toBe(false);
  flushSync();
}

const finished: RunEvent = { type: 'finished', at_us: 2 };
const failed: RunEvent = { type: 'failed', at_us: 2, error: { kind: 'refused' } as ApiError };
const said = (play: Play) => play.chat.messages.map(({ role, text }) => `${role}: ${text}`);

test('every request carries the whole conversation', async () => {
  const { host, play } = room();
  play.send();
  expect(play.draft).toBe('');
  await answer(host, play, word('Be'), word('cause.'), finished);
  play.draft = 'And?';
  const all = ['system: Be brief.', 'user: Why?', 'assistant: Because.', 'user: And?'];
  expect(said(play)).toEqual(all);
  play.send();
  expect(host.started[1]?.chat.messages.map(({ text }) => text)).toEqual([
    'Be brief.',
    'Why?',
    'Because.',
    'And?',
  ]);
  expect(host.started[0]?.id).not.toBe(host.started[1]?.id);
});

test('an empty system message is not sent', () => {
  const { play } = room();
  play.system = '  ';
  expect(said(play)).toEqual(['user: Why?']);
});

test('while a reply streams nothing can be sent twice', () => {
  const { host, play } = room();
  play.send();
  play.send();
  play.draft = 'More?';
  play.send();
  expect(host.started.length).toBe(1);
});

test('with an empty box Send asks again, and both replies are kept', async () => {
  const { host, play } = room();
  play.send();
  await answer(host, play, word('One.'), finished);
  expect(play.isAgain).toBe(true);
  expect(said(play)).toEqual(['system: Be brief.', 'user: Why?']);
  play.send();
  await answer(host, play, word('Two.'), finished);
  expect(play.exchanges.length).toBe(1);
  expect(play.last?.runs.map((run) => run.text)).toEqual(['One.', 'Two.']);
  if (play.last) play.last.shown = 0;
  play.draft = 'And?';
  expect(said(play)).toContain('assistant: One.');
});

test('a failed question comes back into the box and is not part of the history', async () => {
  const { host, play } = room();
  play.send();
  await answer(host, play, failed);
  expect(play.draft).toBe('Why?');
  expect(said(play)).toEqual(['system: Be brief.', 'user: Why?']);
  play.send();
  await answer(host, play, word('Because.'), finished);
  expect(play.exchanges.length).toBe(1);
});

test('what was typed meanwhile is not overwritten by a failed question', async () => {
  const { host, play } = room();
  play.send();
  play.draft = 'Something else';
  await answer(host, play, failed);
  expect(play.draft).toBe('Something else');
});

test('Stop keeps the text, which then belongs to the history', async () => {
  const { host, play } = room();
  play.send();
  host.tell([word('Bec')]);
  await expect.poll(() => play.run?.text).toBe('Bec');
  play.stop();
  await expect.poll(() => play.isRunning).toBe(false);
  expect(host.cancelled).toEqual([host.started[0]?.id]);
  play.draft = 'Go on';
  expect(said(play)).toContain('assistant: Bec');
});

test('a request that was edited by hand is sent as it stands, until it is reset', async () => {
  const { host, play } = room();
  play.edited = '{"model": "other"}';
  play.send();
  await answer(host, play, word('Because.'), finished);
  expect(host.started[0]?.body).toBe('{"model": "other"}');
  expect(play.run?.isByHand).toBe(true);
  play.draft = 'And?';
  expect(said(play)).toContain('assistant: Because.');
  play.edited = undefined;
  play.send();
  expect(host.started[1]?.body).toBeNull();
  expect(play.run?.isByHand).toBe(false);
});

test('a reset can be undone until the next change or call', () => {
  const { play } = room();
  play.edit('{}');
  play.edit(undefined);
  expect([play.edited, play.dropped]).toEqual([undefined, '{}']);
  play.edit(play.dropped);
  expect([play.edited, play.dropped]).toEqual(['{}', undefined]);
  play.edit(undefined);
  play.send();
  expect(play.dropped).toBeUndefined();
});

test('a request edited by hand needs no question, and then is no part of the history', async () => {
  const { host, play } = room();
  play.draft = '';
  expect(play.canSend).toBe(false);
  play.edited = 'no JSON';
  expect(play.canSend).toBe(true);
  play.send();
  await answer(host, play, word('Hm.'), finished);
  play.draft = 'Why?';
  expect(said(play)).toEqual(['system: Be brief.', 'user: Why?']);
});

test('a call that the app refuses says why', async () => {
  const { host, play } = room();
  host.startRun = () => Promise.reject({ code: 'bad_address', message: 'no address yet' });
  play.send();
  await expect.poll(() => play.run?.refusedBecause).toBe('no address yet');
  expect(play.draft).toBe('Why?');
});

const OVER = {
  runs: 1,
  bound: '0.42',
  passed: [{ which: 'run' as const, limit: '0.1', spent: '0', in_flight: '0', unknown: 0 }],
};

test('a run that could pass a budget is asked about, and sent once with the same id', async () => {
  const { host, play } = room();
  host.over = OVER;
  play.send();
  await expect.poll(() => play.run?.question?.over).toEqual(OVER);
  expect([host.started, play.isRunning, play.canSend]).toEqual([[], true, false]);
  const id = play.run?.id;
  play.run?.question?.send();
  await expect.poll(() => host.started.map((it) => it.id)).toEqual([id]);
  expect(play.run?.question).toBeUndefined();
  await answer(host, play, word('Because.'), finished);
  expect(play.run?.text).toBe('Because.');
});

test.each(['leave', 'stop'] as const)(
  'a run that could pass a budget is not sent after %s, and its words are back',
  async (how) => {
    const { host, play } = room();
    host.over = OVER;
    play.send();
    await expect.poll(() => play.run?.question).toBeTruthy();
    play[how]();
    expect([play.run?.state, play.run?.question, play.draft]).toEqual([
      'failed',
      undefined,
      'Why?',
    ]);
    expect([host.started, host.cancelled, play.canSend]).toEqual([[], [], true]);
    // It can be sent again, and is asked about again.
    play.send();
    await expect.poll(() => play.run?.question).toBeTruthy();
    expect(play.exchanges).toHaveLength(1);
  },
);

test('a cleared conversation can be brought back', async () => {
  const { host, play } = room();
  play.send();
  await answer(host, play, word('Because.'), finished);
  play.clear();
  expect(play.exchanges).toEqual([]);
  play.undo();
  expect(play.last?.run?.text).toBe('Because.');
});

/** Sends what is composed, and has it answered by `reply`. */
async function say(host: FakeHost, play: Play, question: string, reply: string): Promise<void> {
  play.draft = question;
  play.send();
  await answer(host, play, word(reply), finished);
}

/** A room with three questions answered. */
async function talk(): Promise<{ host: FakeHost; play: Play }> {
  const { host, play } = room();
  for (const letter of ['a', 'b', 'c']) await say(host, play, letter, letter.toUpperCase());
  return { host, play };
}

test('while a question is edited, the request is the one that Send would send', async () => {
  const { host, play } = await talk();
  const [, second] = play.exchanges;
  if (!second) throw new Error('three were asked');
  play.draft = 'unsent';
  play.reword(second);
  if (play.editing) play.editing.text = 'B?';
  const shown = said(play);
  expect(shown).toEqual(['system: Be brief.', 'user: a', 'assistant: A', 'user: B?']);
  play.send();
  expect(host.started[3]?.chat.messages.map(({ role, text }) => `${role}: ${text}`)).toEqual(shown);
  await answer(host, play, word('B!'), finished);
  expect(play.exchanges.map(({ question }) => question)).toEqual(['a', 'B?']);
  expect([play.draft, play.editing]).toEqual(['unsent', undefined]);
  expect(play.conversation.waysAt(1).map(({ run }) => run?.text)).toEqual(['B', 'B!']);
});

test('an empty question is not sent in the place of one', async () => {
  const { play } = await talk();
  if (play.last) play.reword(play.last);
  if (play.editing) play.editing.text = ' ';
  expect(play.canSend).toBe(false);
});

test('an edited question that fails stands in the box, and the former one is kept', async () => {
  const { host, play } = await talk();
  if (play.last) play.reword(play.last);
  if (play.editing) play.editing.text = 'C?';
  play.send();
  await answer(host, play, failed);
  expect(play.draft).toBe('C?');
  play.undo();
  expect(said(play).slice(-3)).toEqual(['user: c', 'assistant: C', 'user: C?']);
});

test('while a reply comes, nothing can take its place away', async () => {
  const { host, play } = await talk();
  play.draft = 'd';
  play.send();
  const turns = play.exchanges;
  const [first] = turns;
  if (!first) throw new Error('three were asked');
  const all = [
    () => play.reword(first),
    () => play.branch(first),
    () => play.delete(first),
    () => play.undo(),
    () => play.redo(),
    () => play.choose(0, first),
  ];
  for (const act of all) act();
  expect([play.exchanges, play.editing]).toEqual([turns, undefined]);
  await answer(host, play, word('D'), finished);
  play.delete(first);
  expect(play.exchanges.length).toBe(3);
});

test('a look at another reply while one comes does not let a second be sent', async () => {
  const { host, play } = await talk();
  play.send();
  if (play.last) play.last.shown = 0;
  expect([play.isRunning, play.canSend]).toEqual([true, false]);
  play.stop();
  expect(host.cancelled).toEqual([host.started[3]?.id]);
});

test('a call that fails after its conversation was left writes nothing into the box', async () => {
  const { host, play } = await talk();
  play.draft = 'd';
  play.send();
  const tell = host.tell;
  host.cancelRun = () => Promise.resolve();
  play.clear();
  expect(play.isRunning).toBe(false);
  play.draft = 'e';
  play.send();
  tell([failed]);
  expect(play.draft).toBe('');
});

test('whatever is done to a conversation, the request is what is shown of it', async () => {
  const { host, play } = await talk();
  const some = (seed: number) => play.exchanges[seed % Math.max(play.exchanges.length, 1)];
  const acts = [
    (seed: number) => say(host, play, `q${seed}`, `r${seed}`),
    async (seed: number) => {
      const turn = some(seed);
      if (turn) play.reword(turn);
      if (play.editing) play.editing.text = `e${seed}`;
      const shown = said(play);
      if (!play.editing) return;
      play.send();
      const sent = host.started.at(-1)?.chat.messages ?? [];
      expect(sent.map(({ role, text }) => `${role}: ${text}`)).toEqual(shown);
      await answer(host, play, word(`r${seed}`), finished);
    },
    (seed: number) => some(seed) && play.branch(some(seed) as Exchange),
    (seed: number) => some(seed) && play.delete(some(seed) as Exchange),
    () => play.undo(),
    () => play.redo(),
    () => play.trim(),
    (seed: number) => {
      const place = seed % (play.exchanges.length + 1);
      const way = play.conversation.waysAt(place).at(seed % 2);
      if (way) play.choose(place, way);
    },
  ];
  for (let i = 0, seed = 7; i < 120; i++) {
    seed = (seed * 48271) % 2147483647;
    play.draft = '';
    await acts[seed % acts.length]?.(seed >> 8);
    play.draft = 'next';
    const shown = play.exchanges.flatMap(({ question, run }) => [
      `user: ${question}`,
      `assistant: ${run?.text}`,
    ]);
    expect(said(play), `after step ${i}`).toEqual(['system: Be brief.', ...shown, 'user: next']);
  }
});

test('the conversation is heard with the reply that was read, until something new is written', async () => {
  const play = await replied([text('Because')], [text(' it scatters.')], [usage]);
  play.draft = '';
  const roles = () => play.heard.messages.map(({ role }) => role);
  expect(
    play.chat.messages.map(({ role }) => role),
    'it would be asked again',
  ).toEqual(['user']);
  expect(roles()).toEqual(['user', 'assistant']);
  play.draft = 'And at night?';
  expect(roles()).toEqual(['user', 'assistant', 'user']);
});
