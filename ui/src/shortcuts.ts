export interface Shortcut {
  keys: string;
  does: string;
  matches: (event: KeyboardEvent) => boolean;
}

const mac = navigator.userAgent.includes('Mac');
const ctrl = mac ? '⌘' : 'Ctrl ';

function withCtrl(...keys: string[]): Shortcut['matches'] {
  return (event) =>
    (mac ? event.metaKey : event.ctrlKey) && !event.altKey && keys.includes(event.key);
}

/** Whether the keys belong to a field that is typed into, which has an Undo of its own. */
function isTyping({ target }: KeyboardEvent): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, [contenteditable]');
}

/** Every shortcut: the keys that are listed are the keys that work. */
export const SHORTCUTS = {
  send: { keys: `${ctrl}⏎`, does: 'Send the message', matches: withCtrl('Enter') },
  stop: {
    keys: 'Esc',
    does: 'Stop the reply; what came is kept. Else let go of what is lit up',
    matches: (event) => event.key === 'Escape',
  },
  again: { keys: `${ctrl}R`, does: 'Send the last question again', matches: withCtrl('r', 'R') },
  clear: { keys: `${ctrl}N`, does: 'Begin a new conversation', matches: withCtrl('n', 'N') },
  compare: {
    keys: mac ? '⌘⇧A' : 'Ctrl Shift A',
    does: 'Add a column: compare with another model',
    matches: (event) => event.shiftKey && withCtrl('a', 'A')(event),
  },
  blind: {
    keys: mac ? '⌘⇧B' : 'Ctrl Shift B',
    does: 'Hide the names of the columns, to choose the better reply; show them again',
    matches: (event) => event.shiftKey && withCtrl('b', 'B')(event),
  },
  undo: {
    keys: `${ctrl}Z`,
    does: 'Undo the last change of the conversation, outside of a text field',
    matches: (event) => !event.shiftKey && !isTyping(event) && withCtrl('z', 'Z')(event),
  },
  redo: {
    keys: mac ? '⌘⇧Z' : 'Ctrl Shift Z',
    does: 'Redo it',
    matches: (event) => event.shiftKey && !isTyping(event) && withCtrl('z', 'Z')(event),
  },
  learn: { keys: `${ctrl}1`, does: 'Go to Learn', matches: withCtrl('1') },
  play: { keys: `${ctrl}2`, does: 'Go to Play', matches: withCtrl('2') },
  tokens: { keys: `${ctrl}3`, does: 'Go to Tokens', matches: withCtrl('3') },
  costs: { keys: `${ctrl}4`, does: 'Go to Costs', matches: withCtrl('4') },
  runs: { keys: `${ctrl}5`, does: 'Go to Runs', matches: withCtrl('5') },
  lesson: {
    keys: mac ? '⌘⇧L' : 'Ctrl Shift L',
    does: 'Go to what the lesson asks for; without one, to the course',
    matches: (event) => event.shiftKey && withCtrl('l', 'L')(event),
  },
  sweep: {
    keys: mac ? '⌘⇧S' : 'Ctrl Shift S',
    does: 'Send a sweep, or a set of prompts',
    matches: (event) => event.shiftKey && withCtrl('s', 'S')(event),
  },
  settings: { keys: `${ctrl},`, does: 'Open Settings and Keys', matches: withCtrl(',') },
  help: { keys: `${ctrl}/`, does: 'List the shortcuts', matches: withCtrl('/', '?') },
  bigger: { keys: `${ctrl}+`, does: 'Make everything bigger', matches: withCtrl('+', '=') },
  smaller: { keys: `${ctrl}−`, does: 'Make everything smaller', matches: withCtrl('-', '_') },
  natural: { keys: `${ctrl}0`, does: 'Back to the natural size', matches: withCtrl('0') },
} as const satisfies Record<string, Shortcut>;

/**
 * The keys of a part of the window while it has the focus: by their names on the keyboard, as they
 * are shown.
 */
interface PlaceKeys {
  where: string;
  keys: Record<string, string>;
  does: string;
}

const ACROSS = { ArrowLeft: '←', ArrowRight: '→' };
const UPRIGHT = { ArrowUp: '↑', ArrowDown: '↓' };
const PAGES = { PageUp: 'Page ↑', PageDown: 'Page ↓' };
const ENDS = { Home: 'Home', End: 'End' };

/** A test presses each of them, so that what is listed works. */
export const PLACE_KEYS: readonly PlaceKeys[] = [
  { where: 'Reply', keys: ACROSS, does: 'From piece to piece of its text' },
  { where: 'Reply', keys: ENDS, does: 'To its first piece, to its last' },
  { where: 'Request', keys: UPRIGHT, does: 'From field to field' },
  { where: 'Request', keys: ACROSS, does: 'Fold it, unfold it' },
  { where: 'Frames', keys: UPRIGHT, does: 'From frame to frame' },
  { where: 'Frames', keys: PAGES, does: 'Ten frames at once' },
  { where: 'Frames', keys: ENDS, does: 'To the first frame, to the last' },
  { where: 'Tokens', keys: ACROSS, does: 'From token to token' },
  { where: 'Tokens', keys: ENDS, does: 'To the first token, to the last' },
  { where: 'Tokens room', keys: ACROSS, does: 'From token to token' },
  { where: 'Tokens room', keys: UPRIGHT, does: 'From lane to lane' },
  { where: 'Tokens room', keys: ENDS, does: 'To the first token, to the last' },
  { where: 'Cost', keys: UPRIGHT, does: 'To the words that a line of the bill pays for' },
  { where: 'Time', keys: UPRIGHT, does: 'From phase to phase, to what came in it' },
  { where: 'Time', keys: ACROSS, does: 'From piece to piece, in the chart' },
  { where: 'Rosetta', keys: UPRIGHT, does: 'From part to part of a request' },
  { where: 'Rosetta', keys: ACROSS, does: 'To what means the same in the column beside' },
  { where: 'Rosetta', keys: ENDS, does: 'To the first part, to the last' },
  { where: 'Sweep', keys: UPRIGHT, does: 'From value to value, or from prompt to prompt' },
  { where: 'Sweep', keys: ACROSS, does: 'From reply to reply' },
  { where: 'Sweep', keys: ENDS, does: 'To the first reply, to the last' },
  { where: 'Time bar', keys: ACROSS, does: 'One event back, one event on' },
  { where: 'Time bar', keys: PAGES, does: 'Ten events on, ten events back' },
  { where: 'Time bar', keys: ENDS, does: 'To the beginning, to the end' },
  { where: 'Time bar', keys: { ' ': 'Space' }, does: 'Play the recording, pause' },
];

export type ShortcutName = keyof typeof SHORTCUTS;

/** Opens and closes the lens at `index`. */
export function lensKeys(index: number): string {
  return `${mac ? '⌥' : 'Alt '}${String(index + 1)}`;
}

/** Goes to the column at `index`. */
export function columnKeys(index: number): string {
  return `${mac ? '⌥⇧' : 'Alt Shift '}${String(index + 1)}`;
}

/** Which column `event` is the shortcut of, if any. */
export function columnOf(event: KeyboardEvent): number | undefined {
  const digit = /^Digit([1-4])$/.exec(event.code)?.[1];
  const isIt = event.altKey && event.shiftKey && !event.ctrlKey && !event.metaKey;
  return digit && isIt ? Number(digit) - 1 : undefined;
}

/** Which lens `event` is the shortcut of, if any. A Mac's Option key makes other characters. */
export function lensOf(event: KeyboardEvent): number | undefined {
  const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
  const isIt = event.altKey && !event.shiftKey && !event.ctrlKey && !event.metaKey;
  return digit && isIt ? Number(digit) - 1 : undefined;
}

/** The shortcut that `event` is, if any. */
export function shortcutOf(event: KeyboardEvent): ShortcutName | undefined {
  const names = Object.keys(SHORTCUTS) as ShortcutName[];
  return names.find((name) => SHORTCUTS[name].matches(event));
}
