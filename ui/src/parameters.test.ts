import { expect, test } from 'vitest';
import { PARAMETERS, UNSET, readNumber, shown } from './parameters';

const named = (name: string) => {
  const info = PARAMETERS.find((row) => row.name === name);
  if (!info) throw new Error(name);
  return info;
};

test('every parameter has a row, and every row a sentence', () => {
  expect(PARAMETERS.map((row) => row.name).sort()).toEqual(Object.keys(UNSET).sort());
  for (const row of PARAMETERS) expect(row.sentence).toMatch(/^[A-Z].*\.$/);
});

test.each([
  ['temperature', '', null],
  ['temperature', ' 0,7 ', 0.7],
  ['temperature', '9', 9],
  ['temperature', 'hot', 'This is not a number.'],
  ['max_tokens', '200', 200],
  ['max_tokens', '1.5', 'This needs a whole number.'],
  ['max_tokens', '0', 'The smallest that can be sent is 1.'],
  ['seed', '-7', -7],
  ['seed', '1e300', 'This needs a whole number.'],
])('%s typed as %j', (name, typed, read) => {
  expect(readNumber(named(name), typed)).toEqual(read);
});

test('an unset parameter says so', () => {
  expect(shown(null)).toBe('unset');
  expect(shown(['\n', 'END'])).toBe('"\\n" "END"');
  expect(shown(0)).toBe('0');
});
