import { flushSync } from 'svelte';
import { afterEach, expect, test } from 'vitest';
import type { Origin } from './bindings/Origin';
import { makersOf, nameOf, Pointed } from './pointed.svelte';

const ORIGINS: Origin[] = [
  { pointer: null, from: { type: 'model' } },
  { pointer: '/messages/0', from: { type: 'message', index: 0 } },
  { pointer: '/messages/1', from: { type: 'message', index: 1 } },
  { pointer: '/config/temperature', from: { type: 'control', control: 'temperature' } },
  { pointer: '/max', from: { type: 'control', control: 'thinking_budget' } },
  { pointer: '/max', from: { type: 'unasked', control: 'max_tokens' } },
  { pointer: '/store', from: { type: 'unasked', control: null } },
];

test.each([
  ['/messages/1/content', ['message 1']],
  ['/messages/10', []],
  ['/messages', []],
  ['/config', ['control temperature']],
  ['/max', ['control thinking_budget', 'control max_tokens']],
  ['/store', [undefined]],
  ['/other', []],
])('%s was made by %j', (pointer, makers) => {
  expect(makersOf(ORIGINS, pointer).map(nameOf)).toEqual(makers);
});

let clear: (() => void) | undefined;
afterEach(() => clear?.());

function standing(pointed: Pointed, name: () => string | undefined): HTMLElement {
  const element = document.createElement('div');
  clear = $effect.root(() => {
    $effect(() => pointed.stands(name)(element) as (() => void) | undefined);
  });
  flushSync();
  return element;
}

function tell(element: HTMLElement, event: string): void {
  flushSync(() => element.dispatchEvent(new Event(event)));
}

test('a control lights its parts up while the mouse or the focus is on it', () => {
  const pointed = new Pointed();
  const element = standing(pointed, () => 'control temperature');
  expect(pointed.lit(ORIGINS)).toEqual([]);
  tell(element, 'focusin');
  expect(pointed.lit(ORIGINS)).toEqual(['/config/temperature']);
  tell(element, 'pointerenter');
  tell(element, 'pointerleave');
  expect(pointed.lit(ORIGINS)).toEqual(['/config/temperature']);
  tell(element, 'focusout');
  expect(pointed.lit(ORIGINS)).toEqual([]);
  expect(element.hasAttribute('data-pointed')).toBe(false);
});

test('a part of the request lights its maker up', () => {
  const pointed = new Pointed();
  const element = standing(pointed, () => 'control max_tokens');
  flushSync(() => pointed.at(makersOf(ORIGINS, '/max')));
  expect(element.hasAttribute('data-pointed')).toBe(true);
  flushSync(() => pointed.at(makersOf(ORIGINS, '/store')));
  expect(element.hasAttribute('data-pointed')).toBe(false);
});

test('what comes to stand for another message lights that up instead', () => {
  const pointed = new Pointed();
  let index = $state(0);
  const element = standing(pointed, () => `message ${index}`);
  tell(element, 'pointerenter');
  expect(pointed.lit(ORIGINS)).toEqual(['/messages/0']);
  flushSync(() => (index = 1));
  expect(pointed.lit(ORIGINS)).toEqual(['/messages/1']);
  clear?.();
  expect(pointed.maker).toBeUndefined();
});
