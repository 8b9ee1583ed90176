import { expect, test } from 'vitest';
import { FakeHost } from '../host/fake';
import { Sheet } from './sheet.svelte';

async function opened(text: string) {
  const host = new FakeHost();
  const sheet = new Sheet(host);
  [sheet.text, sheet.lanes] = [text, ['o200k_base', 'gpt2']];
  await sheet.settled();
  return { host, sheet, asked: host.tokens.asked };
}

test('what is typed is sent as edits, and what is typed meanwhile as one', async () => {
  const { host, sheet, asked } = await opened('The sky');
  sheet.write('The sky i');
  const first = sheet.settled();
  sheet.write('The sky is');
  sheet.write('The sky is blue');
  await first;
  expect(asked).toEqual(['open', 'edit']);
  expect(host.tokens.edits).toEqual([{ at: 7, removed: 0, inserted: ' is blue' }]);
  sheet.write('The sea is blue');
  await sheet.settled();
  expect(host.tokens.edits.at(-1)).toEqual({ at: 5, removed: 2, inserted: 'ea' });
  expect(sheet.rows.map(({ text }) => text).join('')).toBe('The sea is blue');
  expect(sheet.isFresh).toBe(true);
});

test('a sheet that was forgotten is opened again with the text as it is', async () => {
  const { host, sheet, asked } = await opened('one');
  host.tokens.forget();
  sheet.write('one two');
  await sheet.settled();
  expect(asked).toEqual(['open', 'edit', 'open']);
  expect(sheet.rows[0]?.text).toBe('one two');
  expect(sheet.problem).toBeUndefined();
});

test('other lanes are laid out without sending the text again', async () => {
  const { sheet, asked } = await opened('one two');
  sheet.lanes = ['words'];
  sheet.refresh();
  await sheet.settled();
  expect(asked).toEqual(['open', 'lay']);
  expect(sheet.reading?.lanes.map(({ lane }) => lane)).toEqual(['words']);
});

test('scrolling asks for rows only', async () => {
  const { sheet, asked } = await opened('line\n'.repeat(100));
  sheet.look({ first: 50, count: 10 });
  await sheet.settled();
  expect(asked).toEqual(['open', 'rows']);
  expect(sheet.rows.map(({ index }) => index)).toEqual(
    Array.from({ length: 10 }, (_, at) => 50 + at),
  );
});

test('a refusal is told, and nothing is lost', async () => {
  const { host, sheet } = await opened('short');
  const edit = host.editSheet;
  host.editSheet = () => Promise.reject(new Error('The text is too long.'));
  sheet.write('short and too long');
  await sheet.settled();
  expect(sheet.problem).toBe('The text is too long.');
  expect(sheet.text).toBe('short and too long');
  host.editSheet = edit;
  sheet.write('short');
  await sheet.settled();
  expect(sheet.problem).toBeUndefined();
  expect(sheet.rows[0]?.text).toBe('short');
});

test('all ids of a lane are read, whatever is in view', async () => {
  const { sheet } = await opened('one two\n'.repeat(900));
  sheet.look({ first: 5, count: 3 });
  const ids = await sheet.ids('o200k_base');
  expect(ids).toHaveLength(2700);
  expect(ids.slice(0, 3)).toEqual(ids.slice(-3));
});

test('ids are those of one text, whatever is typed while they are read', async () => {
  const { host, sheet } = await opened('one two\n'.repeat(900));
  const { readRows } = host;
  host.readRows = async (...asked) => {
    host.readRows = readRows;
    const rows = await readRows(...asked);
    sheet.write('something else');
    await sheet.settled();
    return rows;
  };
  await expect(sheet.ids('o200k_base')).rejects.toThrow('The text has changed meanwhile');
  expect(await sheet.ids('o200k_base')).toHaveLength(3);
});
