import { flushSync } from 'svelte';
import { expect, test } from 'vitest';
import type { ApiError } from './bindings/ApiError';
import type { RunEvent } from './bindings/RunEvent';
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

test('a cleared conversation can be brought back', async () => {
  const { host, play } = room();
  play.send();
  await answer(host, play, word('Because.'), finished);
  play.clear();
  expect(play.exchanges).toEqual([]);
  play.undoClear();
  expect(play.last?.run?.text).toBe('Because.');
});
