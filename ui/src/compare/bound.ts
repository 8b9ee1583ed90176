import { exact, pico } from '../lenses/glance';
import type { Play } from '../play.svelte';
import { dollars } from '../text';

/**
 * The most that one Send to all of these can cost, in words. Practice is free; if one bound is not
 * known, neither is the sum. Where names are hidden it has none.
 */
export function bound(
  plays: readonly Pick<Play, 'isPractice' | 'prompt' | 'target'>[],
  isHidden = false,
): string {
  const paid = plays.filter(({ isPractice }) => !isPractice);
  if (paid.length === 0) return 'free';
  let sum = 0n;
  for (const { prompt, target } of paid) {
    const most = prompt?.estimates[0]?.estimate?.upper_bound;
    if (most == null)
      return paid.length === 1 && !isHidden ? `price of ${target.model} unknown` : 'price unknown';
    sum += pico(most);
  }
  return `at most ${dollars(exact(sum))}`;
}
