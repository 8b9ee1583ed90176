import { undo } from '@codemirror/commands';
import { EditorView } from '@codemirror/view';
import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, test } from 'vitest';
import { FakeHost } from '../../host/fake';
import { FAKE_START } from '../../host/fake-start';
import { UNSET } from '../../parameters';
import { TokensRoom as State } from '../../tokens/room.svelte';
import TokensRoom from './TokensRoom.svelte';

// jsdom draws nothing and lays nothing out.
globalThis.ResizeObserver = class {
  observe = () => undefined;
  unobserve = () => undefined;
  disconnect = () => undefined;
};
HTMLDialogElement.prototype.showModal = function () {
  this.open = true;
};
const ignored = () => undefined;
globalThis.matchMedia ??= () =>
  ({ matches: false, addEventListener: ignored, removeEventListener: ignored }) as never;
Range.prototype.getClientRects ??= () => [] as never;

let close: (() => void) | undefined;
afterEach(() => close?.());

const CHAT = {
  messages: [
    { role: 'system' as const, text: 'Be kind.' },
    { role: 'user' as const, text: 'Why so blue?' },
  ],
  parameters: UNSET,
};

async function show(text = 'The strawberry sky', model = 'practice-1') {
  const host = new FakeHost();
  const room = new State(host, 'practice-1');
  room.sheet.text = text;
  const models: string[] = [];
  const props = {
    room,
    catalogue: FAKE_START.models,
    providers: FAKE_START.providers,
    chat: CHAT,
    model,
    hasKey: () => false,
    isNarrow: false,
    onmodel: (model: string) => models.push(model),
  };
  const shown = mount(TokensRoom, { target: document.body, props });
  close = () => void unmount(shown);
  await settle(room);
  return { host, room, models };
}

async function settle(room: State): Promise<void> {
  flushSync();
  await room.sheet.settled();
  flushSync();
}

const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];
const words = (selector: string) =>
  all(selector).map((it) => it.textContent.replace(/\s+/g, ' ').trim());
const at = (label: string) => document.querySelector<HTMLElement>(`[aria-label="${label}"]`);
const says = (label: string) => at(label)?.textContent.replace(/\s+/g, ' ') ?? '';
function press(name: string): void {
  const button = all('button').find(
    (it) => (it.ariaLabel ?? it.textContent).trim() === name || it.textContent.trim() === name,
  );
  if (!button) throw new Error(`no button ${name}`);
  button.click();
  flushSync();
}
function key(name: string): void {
  const event = new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true });
  at('Tokens of the text')?.dispatchEvent(event);
}
const options = (lane: string) => words(`[aria-label^="${lane}, row"] [role=option]`).length;

/** Writes a text into the box, as a person does who marked all of it before. */
function type(text: string): void {
  const view = box();
  view.dispatch({
    changes: { from: 0, to: view.state.doc.length, insert: text },
    userEvent: 'input.type',
  });
}
function box(): EditorView {
  const view = EditorView.findFromDOM(at('Text to cut into tokens') as HTMLElement);
  if (!view) throw new Error('no text box');
  return view;
}

test('the same text stands in every lane, and typing changes them all', async () => {
  const { room, host } = await show('The sky');
  expect(words('.cells .text')).toEqual(['The sky', 'The sky', 'The sky']);
  expect(words('[aria-label=Lanes] .count')).toEqual(['2 tokens', '2 tokens', '2 tokens']);
  type('The skyline');
  await settle(room);
  expect(words('.cells .text')[2]).toBe('The skyline');
  expect(options('gpt2')).toBe(3);
  expect(host.tokens.edits).toHaveLength(1);
});

test('what is shown in the box can be undone, and undoing is writing', async () => {
  const { room } = await show('my own words');
  room.write('an example');
  flushSync();
  expect(box().state.doc.toString()).toBe('an example');
  type('an example, and more');
  expect(room.sheet.text).toBe('an example, and more');
  undo(box());
  undo(box());
  await settle(room);
  expect([box().state.doc.toString(), room.sheet.text]).toEqual(['my own words', 'my own words']);
  expect(undo(box())).toBe(false);
});

test('lanes are added, moved and removed', async () => {
  const { room } = await show();
  const select = at('Add a lane') as HTMLSelectElement;
  select.value = 'characters';
  select.dispatchEvent(new Event('change', { bubbles: true }));
  await settle(room);
  expect(room.lanes).toEqual(['o200k_base', 'cl100k_base', 'gpt2', 'characters']);
  press('characters: copy, move or remove');
  press('Move up');
  await settle(room);
  press('o200k_base: copy, move or remove');
  press('Remove');
  await settle(room);
  expect(words('[aria-label=Lanes] h3')).toEqual(['cl100k_base', 'characters', 'gpt2']);
  expect(words('.lane .name').slice(0, 3)).toEqual(['cl100k', 'characters', 'gpt2']);
});

test('keys walk over tokens and lanes, and tell what each is', async () => {
  const { room } = await show('The sky');
  key('ArrowRight');
  await settle(room);
  await expect.poll(() => room.picked.how).toBeDefined();
  key('ArrowRight');
  await expect.poll(() => (flushSync(), says('Token'))).toContain('·sky');
  expect(says('Token')).toContain('20 73 6b 79');
  expect(says('Token')).toContain('starts with a space yes');
  expect(all('[aria-selected=true]').map((it) => it.ariaLabel)).toEqual(['space, sky']);
  key('ArrowDown');
  await expect.poll(() => (flushSync(), says('Token'))).toContain('in cl100k_base');
  key('Home');
  await expect.poll(() => (flushSync(), says('Token'))).toContain('token 1 in');
  key('Escape');
  flushSync();
  expect(says('Token')).toContain('Point at a piece');
});

test('the merges of a word are stepped through', async () => {
  const { room } = await show('The sky');
  key('End');
  await expect.poll(() => (flushSync(), says('How it was cut'))).toContain('Step 1 of 4');
  expect(words('.parts .part')).toEqual(['·', 's', 'k', 'y']);
  press('Step on');
  press('Step on');
  expect(words('.parts .part')).toEqual(['·sk', 'y']);
  press('Step on');
  expect(says('How it was cut')).toContain('no pair makes a token any more');
  press('Step back');
  expect(room.picked.steps.at).toBe(2);
  press('All steps');
  expect(all('[aria-label=Merges] > li')).toHaveLength(4);
});

test('a hidden count is guessed, revealed and scored', async () => {
  const { room } = await show('The strawberry sky');
  press('Guess the count');
  await settle(room);
  expect(words('[aria-label=Lanes] .count')[0]).toBe('? tokens');
  expect(at('Tokens of the text')).toBeNull();
  press('Reveal');
  await expect.poll(() => (flushSync(), says('Guess'))).toContain('Guess a whole number');
  const field = at('Your guess') as HTMLInputElement;
  field.value = '5';
  field.dispatchEvent(new Event('input', { bubbles: true }));
  press('Reveal');
  await expect.poll(() => (flushSync(), says('Guess'))).toContain('80 of 100');
  expect(words('[aria-label=Lanes] .count')[0]).toBe('4 tokens');
  expect(at('Tokens of the text')).not.toBeNull();
});

test('a hidden cut is guessed between the characters', async () => {
  const { room } = await show('strawberry');
  press('Guess the cut');
  await settle(room);
  const gaps = all('[aria-label="Places between characters"] [role=option]');
  expect(gaps).toHaveLength(9);
  gaps[2]?.click();
  // A press on a character means the place beside it.
  all('[data-char="5"]')[0]?.click();
  all('[data-char="5"]')[0]?.click();
  flushSync();
  expect(all('[role=option][aria-selected=true]')).toHaveLength(1);
  press('Reveal');
  await expect.poll(() => (flushSync(), says('Guess'))).toContain('0 of 100');
  const told = all('[role=option]').map((it) => it.ariaLabel);
  expect(told[2]).toBe('between r and a, wrong');
  expect(told[6]).toBe('between e and r, missed');
  press('Stop guessing');
  await settle(room);
  expect(room.sheet.lanes).toEqual(['o200k_base', 'cl100k_base', 'gpt2']);
});

test('an example opens with its sentence, until something else is typed', async () => {
  const { room } = await show();
  press('Examples');
  await expect.poll(() => (flushSync(), says('Examples'))).toContain('An address');
  all('[aria-label=Examples] button')[0]?.click();
  await settle(room);
  expect(room.sheet.text).toBe('strawberry');
  expect(words('.teaches')).toEqual(['Strawberry. The model reads numbers, not letters.']);
  expect(room.lanes).toEqual(['o200k_base', 'characters']);
  room.write('x');
  await settle(room);
  expect(words('.teaches')).toEqual([]);
});

test('a link carries the text with its settings', async () => {
  const { room } = await show('one\ntwo');
  [room.title, room.show] = ['Lesson 1', { ...room.show, ids: true }];
  room.lanes = ['bytes', 'words'];
  const link = await room.link();
  room.lanes = ['gpt2'];
  room.write('something else');
  [room.title, room.show] = ['', { ...room.show, ids: false }];
  expect(await room.openLink(` ${link ?? ''}\n`)).toBe(true);
  await settle(room);
  expect([room.sheet.text, room.title, room.show.ids]).toEqual(['one\ntwo', 'Lesson 1', true]);
  expect(room.lanes).toEqual(['bytes', 'words']);
  expect(await room.openLink('nonsense')).toBe(false);
  expect(room.said?.isBad).toBe(true);
  expect(room.sheet.text).toBe('one\ntwo');
});

test('every part of a conversation is exact or an estimate', async () => {
  await show();
  press('Conversation');
  const region = 'The conversation as the model reads it';
  await expect.poll(() => (flushSync(), says(region))).toContain('Why so blue?');
  expect(words('.part .exact')).toEqual([...Array<string>(6).fill('exact'), 'estimate']);
  expect(says(region)).toContain('≈ 12');
  expect(says(region)).toContain('Measured, not published.');
  expect(words('.view h3')[0]).toContain('System message');
});

test('where no vocabulary is public no piece and no mark is drawn, and the count has a range', async () => {
  await show(undefined, 'claude-sonnet-5');
  press('Conversation');
  const region = 'The conversation as the model reads it';
  await expect.poll(() => (flushSync(), says(region))).toContain('Why so blue?');
  expect([all('.piece'), all('.sign')]).toEqual([[], []]);
  expect(says(region)).not.toContain('<|');
  expect(words('.view h3')[0]).toMatch(/^System message about 2 tokens, 2 to 4$/);
  expect(words('.view h3').at(-1)).toContain('Around the messages');
  expect(says(region)).toContain('an estimate: 5 to 24');
  expect(says(region).match(/Its vocabulary is not known/g)).toHaveLength(1);
});

test('the model’s own count follows the switch of special tokens', async () => {
  const { room, host } = await show();
  await expect.poll(() => room.counts.ours).toBeTruthy();
  const asked: string[] = [];
  const estimateFor = host.estimateFor;
  host.estimateFor = (id, model) => (asked.push(model), estimateFor(id, model));
  room.setSpecials(true);
  await expect.poll(() => asked).toEqual(['practice-1']);
});

test('languages stand in a chart and a table, with a text of one’s own', async () => {
  const { room } = await show();
  press('Languages');
  const region = 'Which languages pay more';
  await expect.poll(() => (flushSync(), says(region))).toContain('Turkish');
  room.languages.own = 'A text of mine';
  flushSync();
  await expect.poll(() => (flushSync(), says('Tokens by language'))).toContain('Your text');
  press('Table');
  expect(all('tbody tr')).toHaveLength(4);
  expect(words('thead th').slice(3, 5)).toEqual(['o200k_base', 'cl100k_base']);
  press('Turkish: show in the lanes');
  await settle(room);
  expect([room.view, room.sheet.text.slice(0, 5)]).toEqual(['text', 'Ekmek']);
});

test('an empty text says what to do', async () => {
  await show('');
  expect(says('Lanes over the text')).toContain('No text yet');
  expect(at('Tokens of the text')).toBeNull();
});

test('all of a text is there to be cut, wherever it was looked at before', async () => {
  const { room } = await show('line\n'.repeat(600));
  room.sheet.look({ first: 500, count: 20 });
  await settle(room);
  press('Guess the cut');
  await settle(room);
  room.write('strawberry');
  await settle(room);
  const gaps = () => all('[aria-label="Places between characters"] [role=option]').length;
  expect(gaps()).toBe(9);
  room.write('a\n'.repeat(100));
  await settle(room);
  expect(gaps()).toBe(199);
  // The keys stand on a place that there is, also when the text is a shorter one.
  const cutting = at('Places between characters');
  cutting?.dispatchEvent(new KeyboardEvent('keydown', { key: 'End', bubbles: true }));
  room.write('sky');
  await settle(room);
  const active = document.getElementById(cutting?.getAttribute('aria-activedescendant') ?? '');
  expect(active?.ariaLabel).toBe('between k and y, no cut');
});

test('what a guess scored is told of that guess and no later one', async () => {
  const { room, host } = await show('strawberry');
  press('Guess the cut');
  await settle(room);
  const { scoreGuess } = host;
  const answers: (() => void)[] = [];
  host.scoreGuess = (...asked) =>
    new Promise((resolve) => answers.push(() => resolve(scoreGuess(...asked))));
  const revealing = room.guessing.reveal();
  await expect.poll(() => answers.length).toBe(1);
  room.guessing.again();
  answers[0]?.();
  await revealing;
  expect(room.guessing.score).toBeUndefined();
});

test('a lesson’s words leave with its text', async () => {
  const { room } = await show();
  [room.title, room.note] = ['Lesson 1', 'Guess first.'];
  await room.wantExamples();
  const [example] = room.examples ?? [];
  if (example) room.open(example);
  expect([room.example, room.title, room.note]).toEqual([example, '', '']);
});

test('the dialog of lessons stays when no file was chosen, and closes over one that was', async () => {
  const { room, host } = await show();
  const dialog = () => document.querySelector('dialog');
  press('Save or open…');
  const { openSheetFile } = host;
  let reads = 0;
  host.openSheetFile = () => (reads++, openSheetFile());
  press('Open a file…');
  await expect.poll(() => reads).toBe(1);
  await settle(room);
  expect(dialog()).not.toBeNull();
  host.tokens.file = { ...room.written, text: 'A lesson' };
  press('Open a file…');
  await expect.poll(() => (flushSync(), dialog())).toBeNull();
  expect(room.sheet.text).toBe('A lesson');
});
