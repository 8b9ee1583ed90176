import { expect, test } from 'vitest';
import { addressProblem, normalAddress } from './address';

test.each([
  ['https://example.com', 'https://example.com'],
  ['https://Example.com:443/', 'https://example.com'],
  ['http://localhost:1234/v1/', 'http://localhost:1234/v1'],
  ['https://example.com/v1/chat/completions', 'https://example.com/v1'],
  ['http://[::1]:9', 'http://[::1]:9'],
])('%s is kept as %s', (pasted, kept) => {
  expect(addressProblem(pasted)).toBeUndefined();
  expect(normalAddress(pasted)).toBe(kept);
});

test.each(['example.com', 'ftp://example.com', 'http://example.com', 'http://10.0.0.1/v1'])(
  '%s is refused with a reason',
  (pasted) => {
    expect(addressProblem(pasted)).toMatch(/\.$/);
  },
);
