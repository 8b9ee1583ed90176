import { flushSync, mount, unmount } from 'svelte';
import { expect, test } from 'vitest';
import RowForm from './RowForm.svelte';

test('Esc gives up a new name, and nothing beside it hears of it', () => {
  const told: string[] = [];
  const tell = (what: string) => () => void told.push(what);
  const events = { onrename: tell('name'), onremove: tell('gone'), onclose: tell('closed') };
  const props = { doing: 'rename' as const, what: 'run', title: 'Sky', placeholder: '', ...events };
  const shown = mount(RowForm, { target: document.body, props });
  flushSync();
  const hear = tell('heard');
  addEventListener('keydown', hear);
  const escape = new KeyboardEvent('keydown', { key: 'Escape', bubbles: true });
  document.querySelector('input')?.dispatchEvent(escape);
  removeEventListener('keydown', hear);
  expect(told).toEqual(['closed']);
  void unmount(shown);
});
