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
  play: { keys: `${ctrl}1`, does: 'Go to Play', matches: withCtrl('1') },
  runs: { keys: `${ctrl}2`, does: 'Go to Runs', matches: withCtrl('2') },
  settings: { keys: `${ctrl},`, does: 'Open Settings and Keys', matches: withCtrl(',') },
  help: { keys: `${ctrl}/`, does: 'List the shortcuts', matches: withCtrl('/', '?') },
  bigger: { keys: `${ctrl}+`, does: 'Make everything bigger', matches: withCtrl('+', '=') },
  smaller: { keys: `${ctrl}−`, does: 'Make everything smaller', matches: withCtrl('-', '_') },
  natural: { keys: `${ctrl}0`, does: 'Back to the natural size', matches: withCtrl('0') },
} as const satisfies Record<string, Shortcut>;

export type ShortcutName = keyof typeof SHORTCUTS;

/** Opens and closes the lens at `index`. */
export function lensKeys(index: number): string {
  return `${mac ? '⌥' : 'Alt '}${String(index + 1)}`;
}

/** Which lens `event` is the shortcut of, if any. A Mac's Option key makes other characters. */
export function lensOf(event: KeyboardEvent): number | undefined {
  const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
  return digit && event.altKey && !event.ctrlKey && !event.metaKey ? Number(digit) - 1 : undefined;
}

/** The shortcut that `event` is, if any. */
export function shortcutOf(event: KeyboardEvent): ShortcutName | undefined {
  const names = Object.keys(SHORTCUTS) as ShortcutName[];
  return names.find((name) => SHORTCUTS[name].matches(event));
}
