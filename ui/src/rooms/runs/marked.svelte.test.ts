import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, test } from 'vitest';
import { FakeHost } from '../../host/fake';
import { Runs } from '../../runs.svelte';
import MarkedRuns from './MarkedRuns.svelte';

let close: (() => void) | undefined;
afterEach(() => close?.());

const bar = () => document.querySelector('[aria-label="Marked runs"]');
const buttons = () => [...document.querySelectorAll('button')].map((it) => it.textContent.trim());

test('the line about marked runs is there before any is marked, and says what for', () => {
  const runs = new Runs(new FakeHost());
  const nothing = () => undefined;
  const props = { runs, oncompare: nothing, onexport: nothing, onremove: nothing };
  const shown = mount(MarkedRuns, { target: document.body, props });
  close = () => void unmount(shown);
  flushSync();
  const line = bar();
  expect(line?.textContent).toContain('Mark two runs');
  expect(buttons()).toEqual([]);
  for (const [id, offers] of [
    ['a', ['Export…', 'Delete…', 'Clear']],
    ['b', ['Compare', 'Export…', 'Delete…', 'Clear']],
  ] as const) {
    runs.select(id, false);
    flushSync();
    expect(bar()).toBe(line);
    expect(buttons()).toEqual(offers);
  }
  runs.selectNone();
  flushSync();
  expect([bar() === line, buttons()]).toEqual([true, []]);
});
