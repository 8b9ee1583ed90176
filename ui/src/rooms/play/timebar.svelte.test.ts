import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, test } from 'vitest';
import { replied, text, usage } from '../../host/replied';
import TimeBar from './TimeBar.svelte';

let close: (() => void) | undefined;
afterEach(() => close?.());

const buttons = () => [...document.querySelectorAll('button')];
const names = () => buttons().map((it) => it.ariaLabel ?? it.textContent.trim());
const figures = () => document.querySelector('.figures')?.textContent.length;
const isOff = (name: string) => buttons()[names().indexOf(name)]?.disabled;

test('nothing in the bar comes or goes with the instant', async () => {
  const play = await replied(...Array.from({ length: 12 }, () => [text('x')]), [usage]);
  if (!play.run) throw new Error('there is a run');
  const shown = mount(TimeBar, {
    target: document.body,
    props: { time: play.time },
  });
  close = () => void unmount(shown);
  flushSync();
  const [present, wide] = [names(), figures()];
  expect(isOff('To the end')).toBe(true);
  play.time.goTo(0);
  flushSync();
  expect([names(), figures()]).toEqual([present, wide]);
  expect(isOff('To the end')).toBe(false);
  buttons()[names().indexOf('To the end')]?.click();
  flushSync();
  expect([play.time.isPast, isOff('To the end')]).toEqual([false, true]);
});
