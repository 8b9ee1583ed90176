import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, test } from 'vitest';
import { asked, frame, replied, text } from '../host/replied';
import type { Play } from '../play.svelte';
import FramesLens from './FramesLens.svelte';

globalThis.ResizeObserver = class {
  observe = () => undefined;
  unobserve = () => undefined;
  disconnect = () => undefined;
};

const ROW = 24;
const SEEN = 240;

let close: (() => void) | undefined;
afterEach(() => close?.());

function show(play: Play): void {
  const props = { play, dialect: undefined, catalogue: [], explanations: false };
  const shown = mount(FramesLens, { target: document.body, props });
  close = () => void unmount(shown);
  flushSync();
}

const list = () => document.querySelector<HTMLElement>('[role=listbox]') ?? document.body;

/** The person scrolls: jsdom measures nothing, so the list is told how long it is. */
function scroll(top: number, frames: number): void {
  const sizes = { scrollHeight: frames * ROW, clientHeight: SEEN };
  for (const [name, value] of Object.entries(sizes))
    Object.defineProperty(list(), name, { value, configurable: true });
  list().scrollTop = top;
  list().dispatchEvent(new Event('scroll'));
  flushSync();
}

const frames = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => frame([text('x')], from + at));

test('a list at its end follows to the very last frames, which come with the end', async () => {
  const { play, host } = await asked();
  show(play);
  host.tell(frames(0, 50));
  flushSync();
  expect(list().scrollTop).toBe(50 * ROW);
  scroll(50 * ROW - SEEN, 50);
  host.tell([...frames(50, 60), { type: 'finished', at_us: 70_000 }]);
  flushSync();
  expect(list().scrollTop).toBe(60 * ROW);
});

test('a list that was scrolled back stays where it is, also when the run ends', async () => {
  const { play, host } = await asked();
  show(play);
  host.tell(frames(0, 50));
  flushSync();
  scroll(100, 50);
  host.tell([...frames(50, 60), { type: 'finished', at_us: 70_000 }]);
  flushSync();
  expect(list().scrollTop).toBe(100);
});

test('a run that is over is read from its beginning', async () => {
  show(await replied(...Array.from({ length: 50 }, () => [text('x')])));
  expect(list().scrollTop).toBe(0);
});
