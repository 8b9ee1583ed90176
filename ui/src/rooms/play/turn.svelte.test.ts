import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, test } from 'vitest';
import { events } from '../../compare/made';
import { Exchange } from '../../conversation.svelte';
import { FakeHost } from '../../host/fake';
import { UNSET } from '../../parameters';
import { Play } from '../../play.svelte';
import { Run } from '../../run.svelte';
import Conversation from './Conversation.svelte';

const TARGET = { provider: 'practice', base_url: null, dialect: null, model: 'practice-1' };

// jsdom draws nothing and lays nothing out, so nothing ever changes its size.
globalThis.CSS ??= {} as typeof CSS;
globalThis.ResizeObserver = class {
  observe = () => undefined;
  unobserve = () => undefined;
  disconnect = () => undefined;
};

let close: (() => void) | undefined;
afterEach(() => close?.());

function show() {
  const host = new FakeHost();
  host.pace = undefined;
  const setup = { host, target: TARGET, system: '', parameters: UNSET, priceAs: '', draft: '' };
  const play = new Play(setup);
  const turns = ['a', 'b'].map((question) => new Exchange(question));
  for (const turn of turns) turn.add(Run.saying(turn.question.toUpperCase(), TARGET));
  play.conversation.begin(turns, undefined);
  const nothing = () => undefined;
  const props = { play, onkeys: nothing, onmodel: nothing, onmodels: nothing, oncompare: nothing };
  const shown = mount(Conversation, { target: document.body, props });
  close = () => void unmount(shown);
  flushSync();
  return { host, play };
}

const named = (name: string) =>
  [...document.querySelectorAll('button')].find((it) =>
    (it.ariaLabel ?? it.textContent).trim().startsWith(name),
  );
function press(name: string): void {
  const button = named(name);
  if (!button) throw new Error(`no button ${name}`);
  button.click();
  flushSync();
}
const questions = () => [...document.querySelectorAll('.user')].map((it) => it.textContent);
const area = () =>
  document.querySelector<HTMLTextAreaElement>('[aria-label="The question, edited"]');

test('a question is edited in its place, and Esc leaves it as it was', () => {
  const { host, play } = show();
  press('Question 1: edit');
  expect(area()?.value).toBe('a');
  expect(document.activeElement).toBe(area());
  let heard = false;
  const hear = () => (heard = true);
  window.addEventListener('keydown', hear, { once: true });
  area()?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
  flushSync();
  window.removeEventListener('keydown', hear);
  expect([questions(), heard]).toEqual([['a', 'b'], false]);

  press('Question 1: edit');
  const box = area();
  if (!box) throw new Error('it is open');
  box.value = 'A?';
  box.dispatchEvent(new Event('input', { bubbles: true }));
  flushSync();
  expect(play.chat.messages).toEqual([{ role: 'user', text: 'A?' }]);
  press('Send edited');
  expect(questions()).toEqual(['A?']);
  expect(host.started[0]?.chat.messages).toEqual([{ role: 'user', text: 'A?' }]);
});

test('the keys that send an edit are its own', async () => {
  const { host } = show();
  press('Question 2: edit');
  let heard = 0;
  const hear = () => heard++;
  window.addEventListener('keydown', hear);
  const send = { key: 'Enter', ctrlKey: true, bubbles: true };
  area()?.dispatchEvent(new KeyboardEvent('keydown', { ...send, repeat: true }));
  expect(host.started).toHaveLength(0);
  area()?.dispatchEvent(new KeyboardEvent('keydown', send));
  window.removeEventListener('keydown', hear);
  await expect.poll(() => host.started.length).toBe(1);
  expect([heard, host.started[0]?.chat.messages.at(-1)?.text]).toEqual([0, 'b']);
});

test('versions are paged through, and not while a reply comes', () => {
  const { host, play } = show();
  press('Question 2: edit');
  if (play.editing) play.editing.text = 'B?';
  press('Send edited');
  expect(named('The version before')?.disabled).toBe(true);
  host.tell([{ type: 'finished', at_us: 1 }]);
  flushSync();
  press('The version before');
  expect(questions()).toEqual(['a', 'b']);
  expect(document.body.textContent).toContain('1 of 2');
});

test('a branch begins empty, and leads back', () => {
  const { play } = show();
  press('Reply 1: branch from here');
  expect([questions(), play.branches]).toEqual([['a'], 1]);
  expect(document.body.textContent).toContain('A branch begins here.');
  press('The version before');
  expect(questions()).toEqual(['a', 'b']);
  // It was paged away from; what is undone is the branch.
  expect(named('Undo')).toBeUndefined();
});

test('a deleted turn comes back with Undo and goes with Redo', () => {
  show();
  press('Question 1: delete');
  expect(questions()).toEqual(['b']);
  press('Undo');
  expect(questions()).toEqual(['a', 'b']);
  press('Redo');
  expect(questions()).toEqual(['b']);
});

test('again is offered of the last reply, unless something else is written', () => {
  const { host, play } = show();
  expect(named('Reply 1: again')).toBeUndefined();
  play.draft = 'x';
  flushSync();
  expect(named('Reply 2: again')?.disabled).toBe(true);
  play.draft = '';
  flushSync();
  press('Reply 2: again');
  expect(host.started.map(({ chat }) => chat.messages.at(-1)?.text)).toEqual(['b']);
  expect(named('The reply before')?.disabled).toBe(false);
});

test('what is waited for is told: the server, a word, or the end of the thoughts', () => {
  const { play } = show();
  const run = new Run('new', TARGET);
  play.conversation.turns.at(-1)?.add(run);
  const all = events('Blue.', { headers: 10, think: 20, first: 30 });
  const note = () => document.querySelector('.note')?.textContent.trim();
  const told = [1, 2, 3, 4].map((count) => {
    run.apply(all.slice(run.events.length, count));
    flushSync();
    return note();
  });
  expect(told).toEqual([
    'Sent. Waiting for the server…',
    'Connected. Waiting for the first word…',
    'Thinking. The reply has not begun yet…',
    undefined,
  ]);
});

test('what was sent comes into view, and who scrolls up meanwhile stays there', () => {
  const { host } = show();
  const scroller = document.querySelector<HTMLElement>('section');
  if (!scroller) throw new Error('the conversation is there');
  // jsdom measures nothing, so it is told how long it is.
  for (const [name, value] of Object.entries({ scrollHeight: 1000, clientHeight: 100 }))
    Object.defineProperty(scroller, name, { value, configurable: true });
  const readAbove = () => {
    scroller.scrollTop = 100;
    scroller.dispatchEvent(new Event('scroll'));
  };
  const told = events('Blue.', { headers: 10, first: 30 });
  const tell = (from: number, to?: number) => {
    host.tell(told.slice(from, to));
    flushSync();
  };
  readAbove();
  press('Reply 2: again');
  tell(0, -1);
  expect(scroller.scrollTop).toBe(1000);
  readAbove();
  tell(-1);
  expect(scroller.scrollTop).toBe(100);
});
