import { flushSync, mount, unmount, type Component } from 'svelte';
import { afterEach, expect, test } from 'vitest';
import { Batch } from '../batch/batch.svelte';
import { FakeHost } from '../host/fake';
import { fakeRosetta } from '../host/fake-rosetta';
import { replied, text, usage } from '../host/replied';
import CostLens from '../lenses/CostLens.svelte';
import FramesLens from '../lenses/FramesLens.svelte';
import { LENSES, type LensProps } from '../lenses/lenses';
import RequestLens from '../lenses/RequestLens.svelte';
import TimeLens from '../lenses/TimeLens.svelte';
import TokensLens from '../lenses/TokensLens.svelte';
import type { Play } from '../play.svelte';
import { PLACE_KEYS, SHORTCUTS } from '../shortcuts';
import { RosettaState } from '../rosetta/rosetta.svelte';
import RosettaColumns from '../rosetta/RosettaColumns.svelte';
import { TokensRoom } from '../tokens/room.svelte';
import Help from './Help.svelte';
import SweepGrid from './batch/SweepGrid.svelte';
import Reply from './play/Reply.svelte';
import TimeBar from './play/TimeBar.svelte';
import LaneList from './tokens/LaneList.svelte';

// jsdom draws nothing and lays nothing out.
globalThis.CSS ??= {} as typeof CSS;
globalThis.ResizeObserver = class {
  observe = () => undefined;
  unobserve = () => undefined;
  disconnect = () => undefined;
};
HTMLDialogElement.prototype.showModal = () => undefined;
Element.prototype.scrollIntoView = () => undefined;

let close: (() => void) | undefined;
afterEach(() => close?.());

const lens = (it: Component<LensProps>) => (play: Play) =>
  mount(it, {
    target: document.body,
    props: { play, dialect: undefined, catalogue: [], explanations: false },
  });
const nothing = () => undefined;

/** How each place is shown, and what has the focus there. */
const PLACES: Record<string, { show: (play: Play) => object; focus: string }> = {
  Reply: {
    show: (play) => {
      if (!play.run) throw new Error('there is a run');
      const { run, selection } = play;
      const props = { run, selection, counted: undefined, means: undefined, isPast: false };
      return mount(Reply, {
        target: document.body,
        props: { ...props, onskip: nothing, onstop: nothing },
      });
    },
    focus: '.reply',
  },
  Request: { show: lens(RequestLens), focus: '[role=tree]' },
  Frames: { show: lens(FramesLens), focus: '[role=listbox]' },
  Cost: { show: lens(CostLens), focus: '[role=grid]' },
  Time: { show: lens(TimeLens), focus: '[role=grid], [role=slider]' },
  Tokens: { show: lens(TokensLens), focus: '[role=listbox]' },
  'Tokens room': {
    show: () => {
      const room = new TokensRoom(new FakeHost(), null);
      return mount(LaneList, { target: document.body, props: { room } });
    },
    focus: '[role=listbox]',
  },
  Rosetta: {
    show: (play) => {
      const rosetta = new RosettaState(new FakeHost());
      const of = (dialect: string) => ({ ...play.target, dialect });
      const sheet = fakeRosetta(play.chat, [of('openai-chat'), of('anthropic')]);
      const props = { rosetta, sheet, chat: play.chat, canSend: () => true, onsend: nothing };
      const shown = mount(RosettaColumns, { target: document.body, props });
      flushSync();
      document.querySelector<HTMLElement>('[role=listbox]')?.focus();
      return shown;
    },
    focus: '[role=listbox]',
  },
  Sweep: {
    show: ({ target }) => {
      const columns = ['temperature 0', 'temperature 1'].map((label) => ({ label, target }));
      const rows = [{ label: '1', prompt: 'Why?' }];
      const shape = { id: 'a', kind: 'sweep' as const, title: '', columns, rows, repeats: 2 };
      const batch = new Batch(new FakeHost(), shape);
      const props = { batch, chosen: undefined, onopen: nothing };
      return mount(SweepGrid, { target: document.body, props });
    },
    focus: '[data-place]',
  },
  'Time bar': {
    show: (play) => {
      if (!play.run) throw new Error('there is a run');
      return mount(TimeBar, { target: document.body, props: { time: play.time } });
    },
    focus: '[type=range]',
  },
};

test('Help names every lens, and every key that it lists is shown whole', () => {
  const shown = mount(Help, { target: document.body, props: { version: '1.2', onclose: nothing } });
  close = () => void unmount(shown);
  flushSync();
  const intro = document.querySelector('[aria-label=Help] p')?.textContent ?? '';
  for (const { name } of LENSES) expect(intro).toContain(name);
  const keys = [...document.querySelectorAll('kbd')].map((it) => it.textContent);
  const listed = PLACE_KEYS.flatMap((it) => Object.values(it.keys));
  for (const key of [...Object.values(SHORTCUTS).map((it) => it.keys), ...listed])
    expect(keys).toContain(key);
});

/** Whether what has the focus does something at `key`. */
function isTaken(key: string, focus: string): boolean {
  return [...document.querySelectorAll(focus)].some((it) => {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
    it.dispatchEvent(event);
    flushSync();
    return event.defaultPrevented;
  });
}

test.each(PLACE_KEYS)('in $where: $does', async ({ where, keys }) => {
  const play = await replied([text('The')], [text(' sky')], [text(' is')], [usage]);
  play.request = play.run?.request;
  const place = PLACES[where];
  if (!place) throw new Error(`nothing shows ${where}`);
  const shown = place.show(play);
  close = () => void unmount(shown);
  flushSync();
  // Somewhere in the middle, so that every step leads to something else.
  if (where === 'Time bar') play.time.goTo(2500);
  else play.selection.pin({ from: 3, to: 7 });
  flushSync();
  if (where === 'Request') isTaken('ArrowDown', place.focus);
  for (const key of Object.keys(keys)) expect(isTaken(key, place.focus), key).toBe(true);
});
