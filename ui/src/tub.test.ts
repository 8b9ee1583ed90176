import { flushSync } from 'svelte';
import { expect, test } from 'vitest';
import type { RunEvent } from './bindings/RunEvent';
import type { Trimming } from './bindings/Trimming';
import { FakeHost } from './host/fake';
import { frame, text } from './host/replied';
import { UNSET } from './parameters';
import { Play } from './play.svelte';
import { leftOutSentence } from './trimmed';

const TARGET = { provider: 'practice', base_url: null, dialect: null, model: 'practice-mini' };

/** A room whose conversation has some turns, and a host that reads `window` tokens. */
async function talked(turns: number, window: number): Promise<{ host: FakeHost; play: Play }> {
  const host = new FakeHost();
  host.pace = undefined;
  host.window = window;
  const setup = { target: TARGET, system: 'Be brief.', parameters: UNSET, priceAs: '', draft: '' };
  const play = new Play({ host, ...setup });
  for (let turn = 1; turn <= turns; turn++) {
    play.draft = `Question ${String(turn)}`;
    play.send();
    await expect.poll(() => host.started.length).toBe(turn);
    answer(host, `Answer ${String(turn)}`);
  }
  return { host, play };
}

function answer(host: FakeHost, words: string): void {
  const end: RunEvent = { type: 'finished', at_us: 9_000 };
  host.tell([frame([text(words)], 0), end]);
}

/** Has what is written read, as the page does. */
async function read(play: Play): Promise<void> {
  const before = play.prompt;
  play.refresh();
  await expect.poll(() => play.prompt).not.toBe(before);
  flushSync();
}

const sent = (play: Play) => play.chat.messages.map((it) => it.text);

test('with nothing left out, Send waits for nobody and sends all', async () => {
  const { host, play } = await talked(2, 10);
  play.draft = 'And?';
  play.send();
  const all = ['Be brief.', 'Question 1', 'Answer 1', 'Question 2', 'Answer 2', 'And?'];
  expect(host.started[2]?.chat.messages.map((it) => it.text)).toEqual(all);
  expect(play.run?.leftOut).toBeUndefined();
});

test('what is left out is neither shown nor sent, and nothing on the screen is lost', async () => {
  // Each message has 6 tokens but the last, and there are 3 more.
  const { host, play } = await talked(2, 30);
  play.tub.strategy = 'keep_system';
  play.draft = 'And?';
  await read(play);
  const short = ['Be brief.', 'Question 2', 'Answer 2', 'And?'];
  expect(sent(play)).toEqual(short);
  expect(play.whole.messages).toHaveLength(6);
  expect(play.exchanges.map((turn) => play.tub.isOut(turn))).toEqual([true, false]);
  expect(play.makerOf('draft')).toBe('message 3');
  expect(play.makerOf(play.exchanges[1])).toBe('message 1');
  expect(play.makerOf(play.exchanges[0])).toBeUndefined();
  play.send();
  expect(host.started[2]?.chat.messages.map((it) => it.text)).toEqual(short);
  expect(play.run?.leftOut).toEqual({ messages: 2, isSummed: false });
  expect(play.exchanges).toHaveLength(3);
  play.tub.strategy = 'none';
  await read(play);
  expect(play.tub.isOut(play.exchanges[0] as never)).toBe(false);
});

test('Send waits until it is known what has to be left out, and then sends once', async () => {
  const { host, play } = await talked(2, 30);
  play.tub.strategy = 'keep_system';
  let count = (): void => undefined;
  const asked: Trimming[] = [];
  const real = host.readPrompt.bind(host);
  host.readPrompt = async (...question) => {
    asked.push(question[4]);
    await new Promise<void>((resolve) => (count = resolve));
    return real(...question);
  };
  play.draft = 'And?';
  play.send();
  expect([play.isLeaving, play.canSend, host.started.length]).toEqual([true, false, 2]);
  play.send();
  await expect.poll(() => asked.length).toBe(1);
  count();
  await expect.poll(() => host.started.length).toBe(3);
  expect(host.started[2]?.chat.messages).toHaveLength(4);
  expect([play.isLeaving, asked]).toEqual([false, [{ type: 'keep_system' }]]);
});

test('what cannot be counted is not sent, and says why', async () => {
  const { host, play } = await talked(1, 30);
  play.tub.strategy = 'drop_oldest';
  host.readPrompt = () => Promise.reject(new Error('the text is too long'));
  play.draft = 'And?';
  play.send();
  await expect.poll(() => play.problem).toBe('the text is too long');
  expect([play.isLeaving, host.started.length, play.draft]).toEqual([false, 1, 'And?']);
});

test('a summary is a call of its own, stands in for what it tells, and can be undone', async () => {
  const { host, play } = await talked(2, 100);
  play.draft = 'And?';
  play.tub.strategy = 'summarise';
  play.tub.readOffer();
  await expect.poll(() => play.tub.offer?.call.messages).toBe(4);
  await read(play);
  expect(sent(play)).toHaveLength(6);
  play.tub.summarise();
  play.tub.summarise();
  expect(host.started).toHaveLength(3);
  const ask = host.started[2]?.chat.messages.at(-1)?.text ?? '';
  answer(host, ' They counted. ');
  expect([play.tub.run, play.tub.summary]).toEqual([undefined, 'They counted.']);
  await read(play);
  expect(sent(play)).toEqual(['Be brief.', ask, 'They counted.', 'And?']);
  expect(play.tub.context?.blocks.map((it) => play.tub.textOf(it))).toContain('Question 1');
  play.send();
  expect(play.run?.leftOut).toEqual({ messages: 4, isSummed: true });
  answer(host, 'Yes.');
  // It tells nothing of another conversation.
  play.clear();
  play.draft = 'Anew';
  await read(play);
  expect([play.tub.summary, sent(play)]).toEqual([undefined, ['Be brief.', 'Anew']]);
  play.undo();
  await read(play);
  expect(play.tub.summary).toBe('They counted.');
  play.tub.undo();
  await read(play);
  expect(sent(play)).toHaveLength(play.whole.messages.length);
});

test('a summary that fails or is stopped changes nothing', async () => {
  const { host, play } = await talked(1, 100);
  play.draft = 'And?';
  play.tub.strategy = 'summarise';
  const summarise = async () => {
    play.tub.readOffer();
    await expect.poll(() => play.tub.offer).toBeDefined();
    play.tub.summarise();
  };
  await summarise();
  play.tub.stop();
  expect(host.cancelled).toHaveLength(1);
  expect([play.tub.run, play.tub.summary, play.tub.problem]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  await summarise();
  answer(host, '  ');
  expect([play.tub.summary, play.tub.problem]).toEqual([
    undefined,
    'There is no summary: it has no words',
  ]);
  host.over = { passed: [], most: '1' } as never;
  await summarise();
  await expect.poll(() => play.tub.run?.question).toBeDefined();
  play.tub.stop();
  expect(play.tub.run).toBeUndefined();
  await summarise();
  await expect.poll(() => play.tub.run?.question).toBeDefined();
  play.tub.run?.question?.send();
  answer(host, 'Short.');
  expect(play.tub.summary).toBe('Short.');
});

test('what was left out is told in a sentence', () => {
  expect(leftOutSentence({ messages: 1, isSummed: false })).toBe(
    '1 earlier message was left out of this request: the model did not see it.',
  );
  expect(leftOutSentence({ messages: 4, isSummed: false })).toContain('4 earlier messages were');
  expect(leftOutSentence({ messages: 4, isSummed: true })).toContain('a summary stood in for 4');
});
