import { flushSync, mount, unmount, type Component } from 'svelte';
import { afterEach, expect, test } from 'vitest';
import type { Delta } from '../bindings/Delta';
import type { LineKind } from '../bindings/LineKind';
import type { ModelBill } from '../bindings/ModelBill';
import { replied, text, usage } from '../host/replied';
import type { Play } from '../play.svelte';
import CostLens from './CostLens.svelte';
import type { LensProps } from './lenses';
import { paidFor } from './paid';
import TimeLens from './TimeLens.svelte';

// Pointing at a time or a price lights up the words that it is the time or the price of.

let close: (() => void) | undefined;
afterEach(() => close?.());

const reasoning: Delta = { type: 'reasoning', choice: 0, text: 'Hm' };
const model: Delta = { type: 'model', id: 'm' };

function show(lens: Component<LensProps>, play: Play): void {
  const props = { play, dialect: undefined, catalogue: [], explanations: false };
  const shown = mount(lens, { target: document.body, props });
  close = () => void unmount(shown);
  flushSync();
}

const row = (name: string) =>
  [...document.querySelectorAll('tr')].find((it) => it.textContent.includes(name));
const grid = () => document.querySelector('[role=grid]');
const chart = () => document.querySelector('[role=slider]');

function send(to: Element | null | undefined, event: Event): void {
  if (!to) throw new Error('there is something to point at');
  to.dispatchEvent(event);
  flushSync();
}
const over = (it: Element | null | undefined, clientX = 0) =>
  send(it, new MouseEvent('mousemove', { bubbles: true, clientX }));
const click = (it: Element | null | undefined, clientX = 0) =>
  send(it, new MouseEvent('click', { bubbles: true, clientX }));
const press = (it: Element | null | undefined, key: string) =>
  send(it, new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));

/** The words and the frames that are lit up. */
function lit(play: Play) {
  const { range } = play.selection;
  const frames = play.run?.lit(play.selection);
  return [
    range && play.run?.text.slice(range.from, range.to),
    frames && [frames.first, frames.last],
  ] as const;
}

/** Two frames without words, three with, and the counts at the end. */
const sky = () =>
  replied([model], [model], [text('The')], [text(' sky')], [text(' is')], [usage], []);

test('a phase lights up all that came in it, and one in which nothing came nothing', async () => {
  const play = await sky();
  show(TimeLens, play);
  over(row('Stream'));
  expect(lit(play)).toEqual(['The sky is', [2, 4]]);
  expect(row('Stream')?.ariaSelected).toBe('true');
  over(document.querySelector('.bar .tail'));
  expect(lit(play)).toEqual([undefined, [5, 6]]);
  expect(row('Tail')?.ariaSelected).toBe('true');
  expect(row('Stream')?.ariaSelected).toBe('false');
  over(row('Wait for headers'));
  expect(lit(play)).toEqual([undefined, undefined]);
});

test('a press on a phase pins it, and the next one lets it go', async () => {
  const play = await sky();
  show(TimeLens, play);
  click(row('Stream'));
  over(row('Tail'));
  expect([play.selection.isPinned, lit(play)]).toEqual([true, ['The sky is', [2, 4]]]);
  click(row('Stream'));
  expect(play.selection.isPinned).toBe(false);
});

test('the arrow keys walk over the phases in which something came', async () => {
  const play = await sky();
  show(TimeLens, play);
  const walked = ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp', 'Home', 'End'].map((key) => {
    press(grid(), key);
    return lit(play)[1];
  });
  const [first, stream, tail] = [
    [0, 1],
    [2, 4],
    [5, 6],
  ];
  expect(walked).toEqual([first, stream, tail, stream, first, tail]);
});

test('an instant of the chart lights up what had come last', async () => {
  const play = await sky();
  show(TimeLens, play);
  // A frame comes each millisecond, and the end after the eighth: the chart is as many wide.
  const box = { left: 100, width: 80 } as DOMRect;
  Object.assign(chart() ?? {}, { getBoundingClientRect: () => box });
  for (const [x, expected] of [
    [145, [' sky', [3, 3]]],
    [139, ['The', [2, 2]]],
    [165, [undefined, [5, 5]]],
    [105, [undefined, undefined]],
  ] as const) {
    over(chart(), x);
    expect(lit(play), `at ${x}`).toEqual(expected);
  }
  click(chart(), 145);
  over(chart(), 155);
  expect([play.selection.isPinned, lit(play)[0]]).toEqual([true, ' sky']);
  const walked = ['ArrowRight', 'ArrowLeft', 'Home', 'End'].map((key) => {
    press(chart(), key);
    return lit(play)[0];
  });
  expect(walked).toEqual([' is', ' sky', 'The', ' is']);
  expect(chart()?.getAttribute('aria-valuetext')).toContain('frame 4');
});

test('a line of the bill lights up the words that it pays for', async () => {
  const play = await sky();
  show(CostLens, play);
  over(row('Output'));
  expect(lit(play)).toEqual(['The sky is', [2, 4]]);
  expect(row('Output')?.ariaSelected).toBe('true');
  over(row('Input'));
  expect(lit(play)).toEqual([undefined, undefined]);
  press(grid(), 'ArrowDown');
  expect([play.selection.isPinned, lit(play)[0]]).toEqual([true, 'The sky is']);
  click(row('Output'));
  expect(play.selection.isPinned).toBe(false);
});

test('reasoning is paid for by its own line, and by that of output where there is none', async () => {
  const { run } = await replied([reasoning], [reasoning], [text('So')], [usage]);
  if (!run) throw new Error('there is a run');
  const bill = (...kinds: LineKind[]) =>
    ({ bill: { lines: kinds.map((kind) => ({ kind })) } }) as unknown as ModelBill;
  const frames = (of: ModelBill) =>
    paidFor(of, run).map((it) => it && run.lit({ range: it[0], frames: it[1] }));
  expect(frames(bill('input', 'output', 'reasoning'))).toEqual([
    undefined,
    { first: 2, last: 2 },
    { first: 0, last: 1 },
  ]);
  expect(frames(bill('input', 'cache_read', 'output'))).toEqual([
    undefined,
    undefined,
    { first: 0, last: 2 },
  ]);
});
