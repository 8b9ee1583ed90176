import type { Component } from 'svelte';
import type { DialectInfo } from '../bindings/DialectInfo';
import type { ModelInfo } from '../bindings/ModelInfo';
import type { ProviderInfo } from '../bindings/ProviderInfo';
import type { Call } from '../costs/elsewhere.svelte';
import type { Play } from '../play.svelte';
import CodeLens from './CodeLens.svelte';
import CostLens from './CostLens.svelte';
import FramesLens from './FramesLens.svelte';
import RequestLens from './RequestLens.svelte';
import RosettaLens from './RosettaLens.svelte';
import TimeLens from './TimeLens.svelte';
import TokensLens from './TokensLens.svelte';

/** What every lens is given: the call to look at, and what is known of those who take part in it. */
export interface LensProps {
  play: Play;
  dialect: DialectInfo | undefined;
  catalogue: readonly ModelInfo[];
  /** Whether sentences stand below the figures. */
  explanations: boolean;
  /** Models outside the catalogue that have a price, of the person's own or out of a list. */
  priced?: readonly string[];
  /** Goes to what a call would have cost elsewhere, where there is such a place. */
  onelsewhere?: (call: Call) => void;
  /** Every provider, and whether there is known to be a key for one. */
  providers?: readonly ProviderInfo[];
  hasKey?: (provider: string) => boolean;
}

interface Lens {
  id: string;
  name: string;
  /** What it shows, in a sentence: for the tab, the help and the README. */
  shows: string;
  component: Component<LensProps>;
}

/**
 * Every lens, in the order in which they stand. Tabs, shortcuts and help come from here; the reply
 * itself is read in the conversation.
 */
export const LENSES = [
  {
    id: 'request',
    name: 'Request',
    shows: 'The exact request: its address, its headers, and every field of its body.',
    component: RequestLens,
  },
  {
    id: 'frames',
    name: 'Frames',
    shows: 'Every frame of the stream: when it came, its bytes, and what it meant.',
    component: FramesLens,
  },
  {
    id: 'tokens',
    name: 'Tokens',
    shows: 'How prompt and reply are cut into tokens, and what was counted.',
    component: TokensLens,
  },
  {
    id: 'cost',
    name: 'Cost',
    shows: 'What the call costs, line by line, before it and after it.',
    component: CostLens,
  },
  {
    id: 'time',
    name: 'Time',
    shows: 'Where the time went: connecting, waiting, streaming, and how fast.',
    component: TimeLens,
  },
  {
    id: 'code',
    name: 'Code',
    shows: 'The same call as a program: curl, Python, JavaScript or Rust, to copy.',
    component: CodeLens,
  },
  {
    id: 'rosetta',
    name: 'Rosetta',
    shows:
      'The one chat as every format writes it, side by side: the same meaning, the same colour.',
    component: RosettaLens,
  },
] as const satisfies readonly Lens[];

export type LensId = (typeof LENSES)[number]['id'];
