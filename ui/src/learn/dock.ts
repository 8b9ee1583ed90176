/** How wide the card of a lesson is, in pixels of the page. */
export const CARD = 320;

/** With less beside the card, Play has no room for its lenses, or no room has any. */
const WITH_LENSES = 800;
const ANYTHING = 420;

/**
 * How a card that is open stands in a window: with everything beside it, in the place of the
 * lenses, or in the place of the room. It never lies over anything.
 */
export type Dock = 'beside' | 'for lenses' | 'for room';

/** How there is room for a card where so many pixels are left beside the rail. */
export function dockIn(width: number): Dock {
  const rest = width - CARD;
  return rest >= WITH_LENSES ? 'beside' : rest >= ANYTHING ? 'for lenses' : 'for room';
}
