import { expect, test } from 'vitest';
import type { Message } from './bindings/Message';
import { FakeHost } from './host/fake';
import { UNSET } from './parameters';
import { Play } from './play.svelte';
import { resentSentence, sharedMessages, sharedTokens } from './resent.svelte';

const TARGET = { provider: 'practice', base_url: null, dialect: null, model: 'practice-1' };

/** `u` and `a` for the roles, as in `u:Why?`. */
function chat(...said: string[]) {
  const roles = { s: 'system', u: 'user', a: 'assistant' } as const;
  const messages = said.map((line): Message => {
    return { role: roles[line[0] as keyof typeof roles], text: line.slice(2) };
  });
  return { messages, parameters: UNSET };
}

test.each([
  [
    ['s:x', 'u:a', 'a:b'],
    ['s:x', 'u:a', 'a:b', 'u:c'],
    ['x', 'a', 'b'],
  ],
  [['s:x', 'u:a', 'a:b', 'u:c'], ['s:x', 'u:A'], ['x']],
  [['u:a', 'a:b', 'u:c'], ['u:c'], ['c']],
  [
    ['u:a', 'a:b', 'u:c'],
    ['u:a', 'a:b', 'u:c'],
    ['a', 'b', 'c'],
  ],
  [['u:a'], ['a:a'], []],
])('of %j and %j both have %j', (before, after, shared) => {
  expect(sharedMessages(chat(...before), chat(...after)).map(({ text }) => text)).toEqual(shared);
});

test('what was sent before is counted as the prompt that it was', async () => {
  const host = new FakeHost();
  const [before, after] = [chat('u:a b c'), chat('u:a b c', 'a:d', 'u:e')];
  // A word is a token in the fake; each message takes 4 more, and a reply begins with 3.
  expect(await sharedTokens(host, before, after, TARGET)).toEqual({ tokens: 10, total: 20 });
  expect(await sharedTokens(host, chat('u:x'), after, TARGET)).toEqual({ tokens: 0, total: 20 });
});

test('the sentence says what was paid for again', () => {
  expect(resentSentence({ tokens: 412, total: 1530 }, undefined, false)).toBe(
    '412 of 1,530 input tokens, by our count, were in the request before too, and are paid for again.',
  );
  expect(resentSentence({ tokens: 412, total: 530 }, 384, false)).toContain(
    '384 of them from the prov',
  );
  expect(resentSentence({ tokens: 9, total: 9 }, undefined, false)).toMatch(/^All 9 input tokens/);
  expect(resentSentence({ tokens: 0, total: 9 }, undefined, false)).toMatch(/^None of the 9/);
  expect(resentSentence({ tokens: 4, total: 9 }, undefined, true)).not.toContain('are paid');
});

/** A room in which every call is answered at once. */
function room(): { host: FakeHost; play: Play; say: (question: string) => Promise<string> } {
  const host = new FakeHost();
  host.pace = undefined;
  const setup = { host, target: TARGET, system: '', parameters: UNSET, priceAs: '', draft: '' };
  const play = new Play(setup);
  const say = async (question: string) => {
    play.draft = question;
    const { request } = await host.preview(play.chat, TARGET);
    play.send();
    const deltas = [{ type: 'text' as const, choice: 0, text: `${question}!` }];
    host.tell([
      { type: 'attempt_started', at_us: 0, attempt: 1, request },
      { type: 'frame', index: 0, at_us: 1, offset: 0, raw: '', deltas },
      { type: 'finished', at_us: 2 },
    ]);
    play.request = (await host.preview(play.chat, TARGET)).request;
    return request.body;
  };
  return { host, play, say };
}

test('each request stands beside the one before it', async () => {
  const { host, play, say } = room();
  expect(play.resent.pair.before).toBeUndefined();
  const first = await say('a');
  expect([play.resent.pair.before, play.resent.pair.after.body]).toEqual([undefined, first]);
  const second = await say('b');
  expect([play.resent.pair.before?.body, play.resent.pair.after.body]).toEqual([first, second]);
  expect(play.resent.pair.run).toBe(play.run);

  play.draft = 'c';
  play.request = (await host.preview(play.chat, TARGET)).request;
  const { before, after, run } = play.resent.pair;
  expect([before?.body, after.body, run]).toEqual([second, play.request.body, undefined]);
  play.resent.refresh();
  await expect.poll(() => play.resent.shared).toEqual({ tokens: 18, total: 28 });
});

test('an edited question stands beside the request that it was asked in place of', async () => {
  const { host, play, say } = room();
  await say('a');
  const second = await say('b');
  const [turn] = play.exchanges;
  if (turn) play.reword(turn);
  if (play.editing) play.editing.text = 'A';
  play.request = (await host.preview(play.chat, TARGET)).request;
  expect(play.resent.pair.before?.body).toBe(second);
});

test('tokens of a body that was written by hand are not guessed', async () => {
  const { host, play, say } = room();
  await say('a');
  play.edit('{}');
  play.resent.refresh();
  expect([play.resent.pair.after, play.resent.shared]).toEqual([
    { body: '{}', chat: undefined },
    undefined,
  ]);
  play.draft = 'b';
  play.send();
  expect(play.run?.isByHand).toBe(true);
  const request = { method: 'POST' as const, url: '', headers: [], body: '{}' };
  host.tell([{ type: 'attempt_started', at_us: 0, attempt: 1, request }]);
  play.edit(undefined);
  play.draft = 'c';
  expect(play.resent.pair.before).toEqual({ body: '{}', chat: undefined });
});
