import { expect, test } from 'vitest';
import type { ImportedFiles } from './bindings/ImportedFiles';
import { Files } from './files.svelte';
import { FakeHost } from './host/fake';

const NOTHING = { added: 0, there_already: 0, comparisons: 0, left_out: 0, why: [] };

async function said(imported: ImportedFiles | null) {
  const host = new FakeHost();
  host.imported = imported;
  let isRefreshed = false;
  const files = new Files(host, () => (isRefreshed = true));
  await files.import();
  expect([files.job, isRefreshed]).toEqual([undefined, true]);
  return files.said;
}

test('what became of a file is told in a line', async () => {
  const lines: [ImportedFiles | null, string | undefined][] = [
    [null, undefined],
    [{ runs: NOTHING, refused: [], stopped: false }, 'There are no runs in it.'],
    [
      { runs: { ...NOTHING, added: 3, there_already: 1 }, refused: [], stopped: false },
      '3 runs were added, 1 was there already.',
    ],
    [
      { runs: { ...NOTHING, added: 4, comparisons: 1 }, refused: [], stopped: false },
      '4 runs were added in 1 comparison.',
    ],
    [
      { runs: { ...NOTHING, there_already: 2 }, refused: [], stopped: false },
      '2 were there already.',
    ],
    [
      {
        runs: {
          ...NOTHING,
          added: 1,
          left_out: 1,
          why: [{ is_comparison: false, place: 2, why: 'it has no id' }],
        },
        refused: [{ file: 'x.json', why: 'It is damaged.' }],
        stopped: true,
      },
      '1 run was added, 1 could not be read, 1 file could not be read, the file that was being read was left out.',
    ],
  ];
  for (const [imported, line] of lines) expect((await said(imported))?.text).toBe(line);
  const bad = await said({ runs: NOTHING, refused: [{ file: 'x', why: 'No.' }], stopped: false });
  expect([bad?.isBad, bad?.details]).toEqual([true, ['x: No.']]);
});

test('one thing is done at a time, and can be stopped', async () => {
  const host = new FakeHost();
  let finish = (): void => undefined;
  host.exportRuns = () => new Promise((resolve) => (finish = () => resolve({ runs: 1 })));
  const files = new Files(host, () => undefined);
  const which = { type: 'ids' as const, ids: ['a'] };
  const first = files.export(which, 'recording');
  await files.export(which, 'recording');
  const id = files.job?.id ?? '';
  files.stop();
  expect(host.cancelled).toEqual([id]);
  finish();
  await first;
  expect(files.said?.text).toBe('1 run was written.');
});

test('what goes wrong is said', async () => {
  const host = new FakeHost();
  host.exportRuns = () => Promise.reject(new Error('The disk is full.'));
  const files = new Files(host, () => undefined);
  await files.export({ type: 'ids', ids: [] }, 'html');
  expect([files.said?.text, files.said?.isBad, files.job]).toEqual([
    'The disk is full.',
    true,
    undefined,
  ]);
});
