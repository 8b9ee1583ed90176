import { expect, test } from 'vitest';
import {
  about,
  amount,
  bound,
  column,
  dollars,
  duration,
  hex,
  message,
  sentence,
  characters,
} from './text';

test.each([
  [null, 'unknown'],
  ['0', '$0'],
  ['0.0000222', '$0.0000222'],
  ['0.0000036', '$0.0000036'],
  ['0.000125', '$0.000125'],
  ['0.00000001', '$0.00000001'],
  ['0.5', '$0.50'],
  ['12.3456', '$12.35'],
  ['1500', '$1,500.00'],
  ['-0.25', '−$0.25'],
  ['-1234.5', '−$1,234.50'],
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

test.each([
  ['', 0],
  ['abc', 3],
  ['é', 1],
  ['天気', 2],
  ['👩‍🚀', 3],
  ['a👍b👍', 4],
  // Half a pair is a character of its own.
  ['\ud83d', 1],
  ['\udc4d\ud83d', 2],
])('%j has so many characters: %d', (text, many) => {
  expect(characters(text)).toBe(many);
});

test('a column has one precision', () => {
  expect(column(['0.0000023', '0.000034', null])).toEqual(['$0.0000023', '$0.0000340', 'unknown']);
});

test.each([
  [null, 'unknown'],
  ['0', '$0'],
  ['0.0640282', '$0.0641'],
  ['0.064', '$0.064'],
  ['0.0000282', '$0.0000282'],
  ['0.00002821', '$0.0000283'],
  ['0.9999', '$1'],
  ['0.0999901', '$0.10'],
  ['12.3401', '$12.35'],
  ['1500', '$1,500'],
])('at most %s dollars are written %s', (exact, written) => {
  expect(bound(exact)).toBe(written);
});

test('a bound as it is written is never below what it bounds', () => {
  for (let pico = 1n; pico < 10n ** 17n; pico = pico * 3n + 7n) {
    const digits = String(pico).padStart(13, '0');
    const exact = `${digits.slice(0, -12)}.${digits.slice(-12)}`;
    const shown = Number(bound(exact).replace(/[$,]/g, ''));
    expect(shown, exact).toBeGreaterThanOrEqual(Number(exact));
    expect(shown, exact).toBeLessThanOrEqual(Number(exact) * 1.011 + 1e-15);
  }
});

test.each([
  ['0.003375', '≈ $0.00338'],
  ['16.875', '≈ $16.88'],
  ['1500', '$1,500'],
  ['0.010', '$0.01'],
  ['12345.6', '$12,345.60'],
  [null, 'unknown'],
])('%s dollars are shown as %s', (exact, shown) => {
  expect(about(exact)).toBe(shown);
});

test('a sentence has a capital and one full stop', () => {
  expect(['not known: there were.', 'it is', 'So. '].map(sentence)).toEqual([
    ...['Not known: there were.', 'It is.', 'So.'],
  ]);
});

test('what is said has no cents where there are none', () => {
  expect(['1500', '50', '0.01', '2.5', null].map(amount)).toEqual([
    ...['$1,500', '$50', '$0.01', '$2.50', 'unknown'],
  ]);
});

test('bytes are written in hex', () => expect(hex([0, 32, 255])).toBe('00 20 ff'));

test('an error of any shape has a message', () => {
  expect(message({ code: 'x', message: 'said' })).toBe('said');
  expect(message('plain')).toBe('plain');
});
