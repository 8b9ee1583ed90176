import type { Component } from 'svelte';
import type { Compare } from '../../compare/compare.svelte';
import type { LensProps } from '../../lenses/lenses';
import DifferencesPanel from './DifferencesPanel.svelte';
import RacePanel from './RacePanel.svelte';
import RosettaPanel from './RosettaPanel.svelte';
import SetUpPanel from './SetUpPanel.svelte';

/** What every panel is given: all columns, and for one of them what a lens is given. */
export interface PanelProps extends LensProps {
  compare: Compare;
}

interface PanelRow {
  id: string;
  name: string;
  /** What it shows, in a sentence: for its tab and for Help. */
  shows: string;
  /** Whether it is there while names are hidden. */
  isBlind: boolean;
  component: Component<PanelProps>;
}

/** What is seen of all columns at once, in the order in which the tabs stand. */
export const PANELS: readonly PanelRow[] = [
  {
    id: 'race',
    name: 'Race',
    shows:
      'All columns on one clock from Send: their waits, their words, their pace and their cost.',
    isBlind: true,
    component: RacePanel,
  },
  {
    id: 'differences',
    name: 'Differences',
    shows: 'Two columns side by side: what differs in their replies, requests and figures.',
    isBlind: false,
    component: DifferencesPanel,
  },
  {
    id: 'rosetta',
    name: 'Rosetta',
    shows:
      'The one chat as the wire format of each column writes it, and how each tells its reply.',
    isBlind: false,
    component: RosettaPanel,
  },
  {
    id: 'setup',
    name: 'Parameters',
    shows: 'System message and parameters of the selected column, to apply to all.',
    isBlind: false,
    component: SetUpPanel,
  },
];
