/** Lines that are told apart by their dashes as well as by their colours. */
const COLOURS = ['--accent', '--num', '--good', '--key', '--ink-2', '--bad'];
const DASHES = ['none', '7 4', '2 3', '10 3 2 3', '14 5', '5 2 2 2 2 2'];

export interface Look {
  colour: string;
  dashes: string;
}

function look(index: number): Look {
  const round = Math.floor(index / COLOURS.length);
  return {
    colour: `var(${COLOURS[index % COLOURS.length] ?? '--ink'})`,
    dashes: DASHES[(index + round) % DASHES.length] ?? 'none',
  };
}

/** As many as differ. */
export const LOOKS: readonly [Look, ...Look[]] = [
  look(0),
  ...Array.from({ length: COLOURS.length * DASHES.length - 1 }, (_, index) => look(index + 1)),
];
