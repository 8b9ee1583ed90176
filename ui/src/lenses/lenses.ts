/** Every lens, in the order in which they are offered. The reply is read in the conversation. */
export const LENSES = [
  { id: 'request', name: 'Request' },
  { id: 'frames', name: 'Frames' },
  { id: 'tokens', name: 'Tokens' },
  { id: 'cost', name: 'Cost' },
] as const;

export type LensId = (typeof LENSES)[number]['id'];
