import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { App } from '../../app.svelte';
import type { RunEvent } from '../../bindings/RunEvent';
import { FakeHost } from '../../host/fake';
import { spotOf } from '../../learn/pointing.svelte';
import { text as words } from '../../host/replied';
import LearnRoom from './LearnRoom.svelte';
import LessonCard from './LessonCard.svelte';

// jsdom lays nothing out.
Element.prototype.scrollIntoView = () => undefined;
globalThis.matchMedia ??= () => ({ matches: true }) as MediaQueryList;

let host: FakeHost;
let app: App;
const close: (() => void)[] = [];
const asked: string[] = [];

beforeEach(async () => {
  host = new FakeHost();
  host.pace = undefined;
  app = new App(host, await host.start());
  asked.length = 0;
});
afterEach(() => close.splice(0).forEach((it) => it()));

function room(): void {
  const mounted = mount(LearnRoom, { target: document.body, props: { learn: app.learn } });
  close.push(() => void unmount(mounted));
}

async function card(): Promise<void> {
  await app.learn.read();
  await app.learn.start('first-call');
  const { learn } = app;
  if (!learn.card) throw new Error('no lesson is open');
  const props = {
    ...{ learn, card: learn.card },
    onshow: (control: string) => void asked.push(`show ${control}`),
    onlens: (lens: string) => void asked.push(`lens ${lens}`),
    onroom: (room: string) => void asked.push(`room ${room}`),
    onfield: () => void asked.push('field'),
  };
  const mounted = mount(LessonCard, { target: document.body, props });
  close.push(() => void unmount(mounted));
  flushSync();
}

const said = () => document.body.textContent.replaceAll(/\s+/g, ' ');
const nameOf = (it: Element) => (it.getAttribute('aria-label') ?? it.textContent).trim();
function press(name: string): void {
  const all = [...document.querySelectorAll<HTMLElement>('button, label')];
  const found = all.find((it) => nameOf(it).startsWith(name));
  if (!found) throw new Error(`no button ${name}: ${all.map(nameOf).join(' | ')}`);
  flushSync(() => found.click());
}
function answer(text: string): void {
  const field = document.querySelector<HTMLInputElement>('form input');
  flushSync(() => {
    if (field) field.value = text;
    field?.dispatchEvent(new Event('input', { bubbles: true }));
    field?.form?.requestSubmit();
  });
}
const shows = (text: string) => expect.poll(() => (flushSync(), said())).toContain(text);

test('the course is a list in order, and tells how far somebody is', async () => {
  host.lessons.open('make-it-stop');
  host.lessons.pass('make-it-stop', 'predict-1');
  host.lessons.problems = ['07-mine.md, line 4: a step needs hints'];
  const guess = { slug: 'make-it-stop', at_ms: 1 };
  host.lessons.guesses = [true, false, true].map((right) => ({ ...guess, right }));
  room();
  await shows('0 of 2 lessons done');
  const rows = [...document.querySelectorAll('ol li')].map((it) => it.textContent);
  expect(rows[0]).toContain('Your first call, not begun');
  expect(rows[1]).toContain('Make it stop, begun');
  expect(rows[1]).toContain('1 of 7 parts done');
  expect(said()).toContain('line 4: a step needs hints');
  expect(said()).toContain('2 of your 3 guesses were right or close.');
});

test('a press begins a lesson in Play', async () => {
  room();
  await shows('Your first call');
  press('Your first call: start');
  await expect.poll(() => app.learn.card?.slug).toBe('first-call');
  expect(app.isPlaying).toBe(true);
});

test('all is forgotten only after one was asked', async () => {
  host.lessons.open('first-call');
  room();
  await shows('Reset the course');
  press('Reset the course');
  expect(host.lessons.asked).not.toContain('reset null');
  press('Cancel');
  press('Reset the course');
  press('Begin anew');
  await expect.poll(() => host.lessons.asked).toContain('reset null');
});

test('a whole lesson is worked through', async () => {
  await card();
  expect(said()).not.toContain('The explanation comes after');
  answer('');
  await shows('Write something first');
  answer('many');
  await shows('This has to be a number.');
  answer('40');
  await shows('Your guess: 40 tokens');
  await shows('still missing');
  expect(said()).not.toContain('The blue button sends');
  press('A hint');
  await shows('The blue button sends');
  press('Another hint');
  expect(said()).toContain('So does Ctrl Enter');
  press('Show me');
  expect(asked).toEqual(['show send']);

  app.play.send();
  flushSync();
  host.lessons.pass('first-call', 'step-1');
  host.tell([{ type: 'finished', at_us: 1 }]);
  await shows('The explanation comes after');

  press('stop');
  await shows('Not quite.');
  press('length');
  await shows('Right.');
  await shows('Which field sets it?');
  app.play.pointed.onpick?.('/model');
  await shows('You chose /model');
  app.play.pointed.onpick?.('/max_tokens');
  await shows('What does it cost?');
  expect(app.play.pointed.onpick, 'nothing else is asked for there').toBeUndefined();
  answer('$0.02');
  await shows('What is that called?');
  answer('token');
  await shows('Which line is out of date?');
  press('Line 1');
  await shows('Look again');
  press('Line 2');
  await shows('Lesson done');
  expect(said()).toContain('A limit cuts, it does not shorten.');
  press('Next lesson');
  await expect.poll(() => app.learn.card?.slug).toBe('make-it-stop');
});

test('a mistake is shown by what comes back', async () => {
  for (const part of ['predict-1', 'step-1', 'quiz-1', 'quiz-2', 'quiz-3', 'quiz-4'])
    host.lessons.pass('first-call', part);
  await card();
  press('Line 2');
  await shows('See it happen');
  press('See it happen');
  await shows('On its way to the practice model');
  const frame: RunEvent = {
    ...{ type: 'frame', index: 0, at_us: 1, offset: 0, raw: '' },
    deltas: [words('No such model.')],
  };
  host.tell([frame, { type: 'finished', at_us: 2 }]);
  await shows('No such model.');
  await shows('There is no such model.');
});

test('links lead to what they name', async () => {
  await card();
  press('max tokens');
  expect(asked).toEqual(['show max_tokens']);
  press('usage');
  await shows('usage What was counted.');
  press('Close the note');
  expect(said()).not.toContain('What was counted.');
});

test('folded, it says in a line what it waits for, and nothing is lost', async () => {
  await card();
  answer('40');
  await shows('still missing');
  press('Fold the lesson');
  expect(said()).toContain('is still missing');
  expect(said()).not.toContain('Your turn');
  press('Show the lesson');
  expect(said()).toContain('Your guess: 40 tokens');
});

test('what a lesson points at has a ring, also where it is drawn anew', async () => {
  const send = () => {
    const button = document.createElement('button');
    button.dataset['control'] = 'send';
    document.body.append(button);
    close.push(() => button.remove());
    return button;
  };
  const first = send();
  await card();
  expect(first.dataset['ringed']).toBeUndefined();
  answer('40');
  await expect.poll(() => (flushSync(), first.dataset['ringed'])).toBe('');
  first.remove();
  const second = send();
  await expect.poll(() => second.dataset['ringed']).toBe('');
  app.learn.pointing.show(spotOf('send'));
  expect(document.activeElement).toBe(second);
  host.lessons.pass('first-call', 'step-1');
  await app.learn.card?.look();
  await expect.poll(() => (flushSync(), second.dataset['ringed'])).toBeUndefined();
});
