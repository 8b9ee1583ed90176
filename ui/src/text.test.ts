import { expect, test } from 'vitest';
import { column, dollars, duration, hex, message } from './text';

test.each([
  [null, 'unknown'],
  ['0', '$0'],
  ['0.0000222', '$0.0000222'],
  ['0.0000036', '$0.0000036'],
  ['0.000125', '$0.000125'],
  ['0.00000001', '$0.00000001'],
  ['0.5', '$0.50'],
  ['12.3456', '$12.35'],
])('%s dollars are written %s', (exact, written) => {
  expect(dollars(exact)).toBe(written);
});

test.each([
  [120, '<1 ms'],
  [310_400, '310 ms'],
  [1_310_000, '1.31 s'],
  [12_310_000, '12.3 s'],
])('%d microseconds are written %s', (us, written) => {
  expect(duration(us)).toBe(written);
});

test('a column has one precision', () => {
  expect(column(['0.0000023', '0.000034', null])).toEqual(['$0.0000023', '$0.0000340', 'unknown']);
});

test('bytes are written in hex', () => expect(hex([0, 32, 255])).toBe('00 20 ff'));

test('an error of any shape has a message', () => {
  expect(message({ code: 'x', message: 'said' })).toBe('said');
  expect(message('plain')).toBe('plain');
});
