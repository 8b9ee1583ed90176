import { untrack } from 'svelte';
import { DISPLAY } from '../../pacer';
import type { Play } from '../../play.svelte';

/** What is wanted of a Play room besides what is always to be seen of it. */
interface Wanted {
  /** What single pieces cost, which takes a moment to work out. */
  pieces: () => boolean;
  /** The reply cut into tokens while it still comes. */
  cut: () => boolean;
  /** Whether it stands beside others that change with it: each is then asked in its own frame. */
  isBeside?: boolean;
}

/**
 * Keeps what is derived of a Play room up to date while it is on the screen: its request, its
 * tokens, its bills.
 */
export function follow(play: () => Play, wanted: Wanted): void {
  const refresh = () => void play().refresh();
  $effect(() => {
    void [play().chat, play().target, play().replyCut.spans, play().priceAs, play().edited];
    void [play().whole, play().tub.trimming];
    if (wanted.isBeside) DISPLAY.want(refresh);
    else untrack(refresh);
  });
  $effect(() => {
    void play().run;
    untrack(() => {
      play().selection.clear();
      play().time.leave();
    });
  });
  $effect(() => {
    void play().target;
    untrack(() => void play().readRoute());
  });
  $effect(() => {
    void [play().chat, play().target];
    untrack(() => play().serverCount.forget());
  });
  $effect(() => {
    void [play().seen?.blocks, play().seen?.open, play().seen?.isOver, play().replyCut.spans];
    if (wanted.cut() || play().seen?.isOver) untrack(() => play().replyCut.read());
  });
  $effect(() => {
    void [play().run?.usage, play().run?.isOver, play().priceAs];
    untrack(() => void play().bills.read());
  });
  // What pieces cost is worked out when there is somebody to read it.
  $effect(() => {
    const { range, frames } = play().selection;
    const isLit = range !== undefined || frames !== undefined;
    const isWanted = isLit || play().time.isPast || wanted.pieces();
    void [play().run?.isOver, play().run?.bill, play().run?.billAs];
    if (isWanted) untrack(() => void play().bills.readPieces());
  });
}
