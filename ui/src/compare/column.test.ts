import { expect, test } from 'vitest';
import { namesOf } from './column.svelte';
import { columns } from './made';

test.each([
  [['a'], ['a']],
  [
    ['a', 'b', 'a'],
    ['a (1)', 'b', 'a (2)'],
  ],
  [[''], ['no model']],
  // What is said after a name is not turned around by it.
  [['a\u202eb'], ['a\ufffdb']],
])('columns that ask %j are called %j', (models, names) => {
  expect(namesOf(models)).toEqual(names);
});

test('the label of a column is as short as a plan allows', () => {
  const { compare } = columns('𝔪'.repeat(300));
  expect([...(compare.all[0]?.planned('𝔪'.repeat(300)).label ?? '')]).toHaveLength(200);
});
