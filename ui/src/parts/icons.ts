/** Line drawings on a 24 × 24 grid. */
export const ICONS = {
  close: 'M6 6l12 12M18 6L6 18',
  copy: 'M9 9h10v11H9zM5 15V4h10',
  check: 'M5 13l4 4L19 7',
  chevron: 'M6 9l6 6 6-6',
  fold: 'M6 15l6-6 6 6',
  left: 'M15 5l-7 7 7 7',
  right: 'M9 5l7 7-7 7',
  gear: 'M4 7h10M18 7h2M4 12h2M10 12h10M4 17h10M18 17h2M16 5v4M8 10v4M16 15v4',
  plus: 'M12 5v14M5 12h14',
  alert: 'M12 4l9 16H3zM12 10v4M12 17v.01',
  stop: 'M7 7h10v10H7z',
  star: 'M12 3.500l2.600 5.600 6.100.700-4.500 4.200 1.200 6-5.400-3-5.400 3 1.200-6-4.500-4.200 6.100-.700z',
  learn: 'M3 8l9-4 9 4-9 4zM7 10.500V15c0 1.500 2.500 3 5 3s5-1.500 5-3v-4.500',
  play: 'M8 5l11 7-11 7z',
  pause: 'M9 6v12M15 6v12',
  back: 'M17 6l-8 6 8 6zM6 6v12',
  on: 'M7 6l8 6-8 6zM18 6v12',
  tokens: 'M3 8h6v8H3zM9 8h4v8H9zM13 8h8v8h-8z',
  runs: 'M4 6h16M4 12h16M4 18h10',
  costs:
    'M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M15 9.200c-.600-.900-1.700-1.200-3-1.200c-1.700 0-3 .800-3 2c0 2.900 6 1.200 6 4c0 1.200-1.300 2-3 2c-1.300 0-2.400-.400-3-1.200M12 6v12',
  more: 'M5 12h1M11.500 12h1M18 12h1',
  picture: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9h1',
  columns: 'M4 5h16v14H4zM9.500 5v14M14.500 5v14',
  mute: 'M4 10v4h3l4 4V6L7 10zM15 9.500l5 5M20 9.500l-5 5',
  sound: 'M4 10v4h3l4 4V6L7 10zM15 9a4 4 0 0 1 0 6M17.500 6.500a8 8 0 0 1 0 11',
  key: 'M14.500 9.500a4 4 0 1 0-3 3.900L13 15h2v2h2v2h3v-3l-5.700-5.700',
} as const;

export type IconName = keyof typeof ICONS;
