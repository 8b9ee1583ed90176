import type { Delta } from '../bindings/Delta';
import type { RunEvent } from '../bindings/RunEvent';
import { UNSET } from '../parameters';
import { Play } from '../play.svelte';
import { FakeHost } from './fake';

const TARGET = { provider: 'openai', base_url: null, dialect: null, model: 'gpt-6-luna' };

export const text = (text: string, choice = 0): Delta => ({ type: 'text', choice, text });

export const usage: Delta = {
  type: 'usage',
  input_tokens: 9,
  output_tokens: 4,
  cache_read_tokens: null,
  cache_write_tokens: null,
  cache_write_long_tokens: null,
  reported_cost: null,
  malformed: false,
  reasoning_tokens: null,
};

/** A frame that comes so many milliseconds after Send, one more than its place. */
export function frame(deltas: Delta[], index: number): RunEvent {
  const at_us = 1000 * (index + 1);
  return { type: 'frame', index, at_us, offset: 10 * index, raw: 'x', deltas };
}

/** A Play room that has asked, and whose reply is yet to come. */
export async function asked(): Promise<{ play: Play; host: FakeHost }> {
  const host = new FakeHost();
  host.pace = undefined;
  const setup = { target: TARGET, system: '', parameters: UNSET, priceAs: '', draft: 'Why?' };
  const play = new Play({ host, ...setup });
  play.send();
  const { request } = await host.preview(play.chat, TARGET);
  const answer = { status: 200, version: '', headers: [] };
  host.tell([
    { type: 'attempt_started', at_us: 0, attempt: 1, request },
    { type: 'response_started', at_us: 500, connected_us: 200, ...answer },
  ]);
  return { play, host };
}

/** A Play room with a reply that came in these frames, and is read, billed and shared out. */
export async function replied(...frames: Delta[][]): Promise<Play> {
  const { play, host } = await asked();
  host.tell(frames.map(frame));
  host.tell([{ type: 'finished', at_us: 1000 * (frames.length + 1) }]);
  await play.bills.read();
  await play.bills.readPieces();
  play.replyCut.cut = await host.cut(play.run?.text ?? '', '', 100);
  return play;
}
