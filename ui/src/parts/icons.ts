/** Line drawings on a 24 × 24 grid. */
export const ICONS = {
  close: 'M6 6l12 12M18 6L6 18',
  copy: 'M9 9h10v11H9zM5 15V4h10',
  check: 'M5 13l4 4L19 7',
  chevron: 'M6 9l6 6 6-6',
  left: 'M15 5l-7 7 7 7',
  right: 'M9 5l7 7-7 7',
  gear: 'M4 7h10M18 7h2M4 12h2M10 12h10M4 17h10M18 17h2M16 5v4M8 10v4M16 15v4',
  plus: 'M12 5v14M5 12h14',
  alert: 'M12 4l9 16H3zM12 10v4M12 17v.01',
  stop: 'M7 7h10v10H7z',
  star: 'M12 3.500l2.600 5.600 6.100.700-4.500 4.200 1.200 6-5.400-3-5.400 3 1.200-6-4.500-4.200 6.100-.700z',
  play: 'M8 5l11 7-11 7z',
  pause: 'M9 6v12M15 6v12',
  back: 'M17 6l-8 6 8 6zM6 6v12',
  on: 'M7 6l8 6-8 6zM18 6v12',
  runs: 'M4 6h16M4 12h16M4 18h10',
  more: 'M5 12h1M11.500 12h1M18 12h1',
  key: 'M14.500 9.500a4 4 0 1 0-3 3.900L13 15h2v2h2v2h3v-3l-5.700-5.700',
} as const;

export type IconName = keyof typeof ICONS;
