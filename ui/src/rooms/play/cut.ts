import { rawBytes } from '../../log';
import type { Run } from '../../run.svelte';
import { characters, count, counted, plural } from '../../text';

/** Something that a reply consists of, and whether a client has it. */
export interface Item {
  name: string;
  has: 'all' | 'part' | 'nothing';
  says: string;
}

/** How many bytes of the body came with the frames that `run` has seen. */
function bytes(run: Run): number {
  const last = run.log.all[run.frames - 1];
  return last ? last.offset + rawBytes(last.raw).length : 0;
}

function amount(part: number, whole: number): Item['has'] {
  if (part === 0) return 'nothing';
  return part < whole ? 'part' : 'all';
}

/** What a client has of the reply `whole` whose connection broke where `run` ends. */
export function inventory(run: Run, whole: Run): Item[] {
  const items: Item[] = [
    {
      name: 'Bytes',
      has: amount(bytes(run), bytes(whole)),
      says: `${count(bytes(run))} of ${count(bytes(whole))}, in ${plural(run.frames, 'frame')}`,
    },
    {
      name: 'Text',
      has: amount(run.text.length, whole.text.length),
      says: `${count(characters(run.text))} of ${plural(characters(whole.text), 'character')}`,
    },
  ];
  for (const [index, { name, arguments: all }] of whole.toolCalls.entries()) {
    const some = run.toolCalls[index]?.arguments ?? '';
    const isWhole = some.length === all.length;
    const broken = isWhole ? '' : ', which is not JSON yet: it must not be run';
    items.push({
      name: `Call of ${name.slice(0, 60)}`,
      has: amount(some.length, all.length),
      says: `${count(characters(some))} of ${plural(characters(all), 'character')} of its arguments${broken}`,
    });
  }
  items.push({
    name: 'Finish reason',
    has: run.finish ? 'all' : 'nothing',
    says: run.finish
      ? run.finish.raw
      : 'missing: a reply that is whole and one that broke off look the same',
  });
  const isCounted = run.usage?.output_tokens != null && run.usage.input_tokens != null;
  const isFinal = isCounted && run.usage?.output_tokens === whole.usage?.output_tokens;
  items.push({
    name: 'Usage',
    has: isFinal ? 'all' : run.usage ? 'part' : 'nothing',
    says: isFinal
      ? `${counted(run.usage?.input_tokens)} in, ${counted(run.usage?.output_tokens)} out`
      : run.usage
        ? 'first counts only: the final ones come with the last frames'
        : 'missing: the client cannot know what it paid',
  });
  return items;
}
