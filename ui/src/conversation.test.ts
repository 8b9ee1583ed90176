import { expect, test } from 'vitest';
import { Conversation, Exchange } from './conversation.svelte';
import { Run } from './run.svelte';

const TARGET = { provider: 'practice', base_url: null, dialect: null, model: 'practice-1' };

function answered(turn: Exchange): Exchange {
  turn.add(Run.saying(`${turn.question}!`, TARGET));
  return turn;
}

/** A conversation of three questions, one letter each. */
function abc(): Conversation {
  const conversation = new Conversation();
  for (const question of ['a', 'b', 'c']) conversation.add(answered(new Exchange(question)));
  return conversation;
}

const words = ({ turns }: { turns: readonly Exchange[] }) =>
  turns.map(({ question }) => question).join('');
const ways = (conversation: Conversation, place: number) =>
  words({ turns: conversation.waysAt(place) });
const turn = (conversation: Conversation, place: number) => {
  const found = conversation.turns[place];
  if (!found) throw new Error(`no turn at ${place}`);
  return found;
};

test('an edited question takes the place of the former, which stays a page away', () => {
  const conversation = abc();
  answered(conversation.edit(turn(conversation, 1), 'B'));
  expect(words(conversation)).toBe('aB');
  expect([ways(conversation, 0), ways(conversation, 1), ways(conversation, 2)]).toEqual([
    'a',
    'bB',
    '',
  ]);
  conversation.add(answered(new Exchange('D')));
  conversation.choose(1, conversation.waysAt(1)[0] as Exchange);
  expect(words(conversation)).toBe('abc');
  conversation.choose(1, conversation.waysAt(1)[1] as Exchange);
  expect(words(conversation)).toBe('aBD');
});

test('a branch goes on after a reply, and the former way stays a page away', () => {
  const conversation = abc();
  conversation.branch(turn(conversation, 0));
  expect([words(conversation), ways(conversation, 1)]).toEqual(['a', 'b']);
  conversation.add(answered(new Exchange('x')));
  expect([words(conversation), ways(conversation, 1)]).toEqual(['ax', 'bx']);
});

test('of several versions that go on alike, the one that was shown last comes back', () => {
  const conversation = abc();
  conversation.edit(turn(conversation, 2), 'C');
  conversation.choose(2, conversation.waysAt(2)[0] as Exchange);
  conversation.edit(turn(conversation, 1), 'B');
  conversation.choose(1, conversation.waysAt(1)[0] as Exchange);
  expect(words(conversation)).toBe('abc');
});

test('a deleted turn is gone from every version, and back after Undo', () => {
  const conversation = abc();
  answered(conversation.edit(turn(conversation, 2), 'C'));
  conversation.delete([turn(conversation, 1)], 'b is gone');
  expect([words(conversation), ways(conversation, 1)]).toEqual(['aC', 'cC']);
  expect(conversation.latest?.says).toBe('b is gone');
  conversation.undo();
  expect(words(conversation)).toBe('abC');
});

test('what is said after an undone edit takes nothing from the edited version', () => {
  const conversation = abc();
  answered(conversation.edit(turn(conversation, 1), 'B'));
  conversation.undo();
  conversation.add(answered(new Exchange('d')));
  expect(words(conversation)).toBe('abcd');
  conversation.redo();
  expect(words(conversation)).toBe('aB');
  conversation.undo();
  expect(words(conversation)).toBe('abcd');
});

test('another conversation knows nothing of the one before, until Undo', () => {
  const conversation = abc();
  let system = 'new';
  const set = (to: string) => () => void (system = to);
  conversation.begin([new Exchange('z')], undefined, { undo: set('old'), redo: set('new') });
  expect([ways(conversation, 0), ways(conversation, 1)]).toEqual(['z', '']);
  conversation.undo();
  expect([words(conversation), system]).toEqual(['abc', 'old']);
  conversation.redo();
  expect([words(conversation), system]).toEqual(['z', 'new']);
});

test('a turn without a reply makes way for the next', () => {
  const conversation = abc();
  conversation.add(new Exchange('lost'));
  conversation.add(answered(new Exchange('d')));
  expect(words(conversation)).toBe('abcd');
});

/** Numbers below `limit` that are the same in every run of the test. */
function dice(seed: number): (limit: number) => number {
  let state = seed * 2654435761 + 1;
  return (limit) => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

type Action = (conversation: Conversation, roll: (limit: number) => number) => void;
const some = (conversation: Conversation, roll: (limit: number) => number) =>
  conversation.turns[roll(conversation.turns.length)];

const STEPS: Action[] = [
  (it, roll) => {
    const chosen = some(it, roll);
    if (chosen) answered(it.edit(chosen, `e${roll(1000)}`));
  },
  (it, roll) => {
    const chosen = some(it, roll);
    if (chosen) it.branch(chosen);
  },
  (it, roll) => {
    const chosen = some(it, roll);
    if (chosen) it.delete([chosen], 'gone');
  },
  (it) => it.begin([], 'cleared'),
];
const PAGE: Action = (it, roll) => {
  const place = roll(it.turns.length + 1);
  const all = it.waysAt(place);
  const way = all[roll(all.length)];
  if (way) it.choose(place, way);
};
const SAY: Action = (it, roll) => it.add(answered(new Exchange(`s${roll(1000)}`)));

function play(seed: number, actions: Action[], count: number): Conversation {
  const conversation = abc();
  const roll = dice(seed);
  for (let i = 0; i < count; i++) actions[roll(actions.length)]?.(conversation, roll);
  return conversation;
}

/** The turns that paging leads to. */
function reachable(conversation: Conversation, place = 0): Set<Exchange> {
  const found = new Set<Exchange>();
  for (const way of conversation.waysAt(place)) {
    conversation.choose(place, way);
    found.add(way);
    for (const further of reachable(conversation, place + 1)) found.add(further);
  }
  return found;
}

test('whatever is done, to undo all of it leads back to the start, and redo to the end', () => {
  for (let seed = 0; seed < 200; seed++) {
    const conversation = play(seed, STEPS, 40);
    const end = words(conversation);
    while (conversation.canUndo) conversation.undo();
    expect(words(conversation), `seed ${seed}`).toBe('abc');
    while (conversation.canRedo) conversation.redo();
    expect(words(conversation), `seed ${seed}`).toBe(end);
  }
});

test('paging and speaking between the steps leave the start where it was', () => {
  for (let seed = 0; seed < 200; seed++) {
    const conversation = play(seed, [...STEPS, PAGE, SAY], 40);
    while (conversation.canUndo) conversation.undo();
    expect(words(conversation), `seed ${seed}`).toMatch(/^abc(s\d+)*$/);
  }
});

test('no turn that was not deleted is ever out of reach', () => {
  const [edit, branch] = STEPS as [Action, Action];
  for (let seed = 0; seed < 100; seed++) {
    const conversation = abc();
    const roll = dice(seed);
    const made = new Set(conversation.turns);
    for (let i = 0; i < 20; i++) {
      [edit, branch, PAGE, SAY][roll(4)]?.(conversation, roll);
      for (const shown of conversation.turns) made.add(shown);
      conversation.turns.forEach((shown, place) => {
        expect(conversation.waysAt(place), `seed ${seed}`).toContain(shown);
      });
    }
    expect(reachable(conversation), `seed ${seed}`).toEqual(made);
  }
});
