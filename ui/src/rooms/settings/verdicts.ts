import type { KeyState } from '../../bindings/KeyState';
import type { Verdict } from '../../bindings/Verdict';

type Tone = 'good' | 'bad' | 'warn' | 'calm';

/** What a server thinks of a key: in a word, in a sentence, and how grave that is. */
export const VERDICTS: Record<Verdict, { word: string; sentence: string; tone: Tone }> = {
  works: { word: 'works', sentence: 'It works.', tone: 'good' },
  open: {
    word: 'not checkable',
    sentence: 'This key cannot be checked for free: the server shows its models to anybody.',
    tone: 'calm',
  },
  wrong: { word: 'wrong', sentence: 'The server does not accept this key.', tone: 'bad' },
  no_credit: {
    word: 'no credit',
    sentence: 'The key is right, but its account has nothing left to spend.',
    tone: 'warn',
  },
  unknown: { word: 'not checked', sentence: 'It could not be checked.', tone: 'warn' },
};

/** The state of a key in a word or two. */
export function standing(
  known: KeyState,
  needsKey: boolean,
): { word: string; tone: Tone; at?: string } {
  const { check, place } = known;
  if (!place && check?.verdict === 'open') return { word: 'answers', tone: 'good', at: at(check) };
  if (check) return { ...VERDICTS[check.verdict], at: at(check) };
  if (place) return { word: 'unchecked', tone: 'calm' };
  return { word: needsKey ? 'no key' : 'needs no key', tone: 'calm' };
}

/** What the last check said, in sentences. */
export function verdict({ check, place }: KeyState): { text: string; isGood: boolean } | undefined {
  if (!check) return undefined;
  const { sentence, tone } = VERDICTS[check.verdict];
  const isOpen = !place && check.verdict === 'open';
  const text = isOpen ? 'The server answers, and asks for no key.' : sentence;
  return { text: [text, check.said].filter(Boolean).join(' '), isGood: tone === 'good' || isOpen };
}

function at({ at_s }: { at_s: number }): string {
  return new Date(at_s * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
}
