import { expect, test } from 'vitest';
import { dockIn } from './dock';

test.each([
  [1440, 'beside'],
  [1280, 'beside'],
  [1024, 'for lenses'],
  [720, 'for room'],
  [512, 'for room'],
])('in a window of %i pixels the card stands %s', (window, dock) => {
  expect(dockIn(window - 64)).toBe(dock);
});
