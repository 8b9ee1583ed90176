import type { JudgedGuess } from '../bindings/JudgedGuess';
import { plural } from '../text';

/** So many of the latest guesses are told on their own. */
const LATEST = 5;

/** How good somebody's guesses are, and whether they get better; nothing before there are any. */
export function calibration(guesses: readonly JudgedGuess[]): string | undefined {
  if (guesses.length === 0) return undefined;
  const right = (some: readonly JudgedGuess[]) => some.filter((it) => it.right).length;
  if (right(guesses) === 0 && guesses.length <= LATEST)
    return 'No guess was close so far. They get better with every lesson.';
  const all = `${right(guesses)} of your ${plural(guesses.length, 'guess', 'guesses')}`;
  const verb = guesses.length === 1 ? 'was' : 'were';
  if (guesses.length <= LATEST) return `${all} ${verb} right or close.`;
  return `${all} were right or close, ${right(guesses.slice(-LATEST))} of the last five.`;
}
