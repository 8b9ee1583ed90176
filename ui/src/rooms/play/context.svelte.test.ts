import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, test } from 'vitest';
import { FakeHost } from '../../host/fake';
import { frame, text } from '../../host/replied';
import { UNSET } from '../../parameters';
import { Play } from '../../play.svelte';
import ContextChip from './ContextChip.svelte';
import ContextPanel from './ContextPanel.svelte';
import { follow } from './follow.svelte';

const TARGET = { provider: 'practice', base_url: null, dialect: null, model: 'practice-mini' };

let close: (() => void) | undefined;
afterEach(() => close?.());

/** A room with a turn and a question after it, of 29 tokens, in a window of 30 of which 10 are kept. */
async function shown(): Promise<Play> {
  const host = new FakeHost();
  host.pace = undefined;
  host.window = 30;
  const parameters = { ...UNSET, max_tokens: 10 };
  const setup = {
    host,
    target: TARGET,
    system: 'Be brief.',
    parameters,
    priceAs: '',
    draft: 'Why?',
  };
  const play = new Play(setup);
  play.send();
  host.tell([frame([text('Because of something.')], 0), { type: 'finished', at_us: 9 }]);
  play.draft = 'And then?';
  const followed = $effect.root(() =>
    follow(() => play, { pieces: () => false, cut: () => false }),
  );
  const target = document.body;
  const pages = [
    mount(ContextChip, { target, props: { tub: play.tub } }),
    mount(ContextPanel, { target, props: { play } }),
  ];
  close = () => {
    followed();
    for (const page of pages) void unmount(page);
  };
  await expect.poll(() => play.tub.context).toBeDefined();
  flushSync();
  return play;
}

const chip = () =>
  document.querySelector('[data-control=context]')?.textContent.replace(/\s+/g, ' ').trim();
const rows = () =>
  [...document.querySelectorAll('[aria-label="Messages, sent and left out"] li')].map((it) =>
    it.textContent.replace(/\s+/g, ' ').trim(),
  );

function choose(strategy: string): void {
  const select = document.querySelector('select');
  if (!select) throw new Error('there is no choice');
  select.value = strategy;
  select.dispatchEvent(new Event('change', { bubbles: true }));
  flushSync();
}

test('what does not fit is told, and what the model will not see is shown with its words', async () => {
  const play = await shown();
  expect(chip()).toBe('context 27 / 30 tokens, too many');
  expect(document.body.textContent).toContain('That is 7 too many.');
  expect(rows()).toEqual([
    'System Be brief. 6',
    'You Why? 5',
    'Reply Because of something. 7',
    'You And then? 6',
  ]);
  choose('keep_system');
  await expect.poll(chip).toBe('context 15 / 30 tokens 2 left out');
  flushSync();
  expect(rows().slice(1, 3)).toEqual([
    'You Why? not sent 5',
    'Reply Because of something. not sent 7',
  ]);
  const says = document.body.textContent.replace(/\s+/g, ' ');
  expect(says).toContain('The model will not see 2 messages. That saves 12 tokens');
  expect(says).toContain('kept for the reply 10');
  expect(says).toContain('free 5');
  expect(play.request?.body).not.toContain('Because of something.');
});

test('the last few are kept by their number', async () => {
  const play = await shown();
  choose('keep_last');
  expect(play.tub.trimming).toEqual({ type: 'keep_last', turns: 2 });
  const field = document.querySelector<HTMLInputElement>(
    '[aria-label="Earlier questions to keep"]',
  );
  if (!field) throw new Error('there is no field');
  const type = (value: string) => {
    field.value = value;
    field.dispatchEvent(new Event('change', { bubbles: true }));
  };
  type('-1');
  expect(play.tub.turns).toBe(2);
  type('0');
  await expect.poll(chip).toBe('context 15 / 30 tokens 2 left out');
});
