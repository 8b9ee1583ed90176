import type { Control } from '../bindings/Control';
import type { Maker } from '../bindings/Maker';
import type { Message } from '../bindings/Message';
import { PARAMETERS } from '../parameters';

/** What made a part of the request, in a sentence; undefined where there is nothing to say. */
export function madeBy(makers: readonly Maker[], messages: readonly Message[]): string | undefined {
  const sentences = makers.map((maker) => sentence(maker, messages));
  return sentences.length > 0 ? [...new Set(sentences)].join(' ') : undefined;
}

const OF_ROLE = {
  system: 'It is the system message.',
  user: 'It is your message.',
  assistant: 'It is an earlier reply.',
} as const;

function sentence(maker: Maker, messages: readonly Message[]): string {
  switch (maker.type) {
    case 'model':
      return 'It comes from the choice of a model.';
    case 'message':
      return OF_ROLE[messages[maker.index]?.role ?? 'user'];
    case 'control':
      return `It comes from the parameter ${label(maker.control)}.`;
    case 'unasked':
      return maker.control === null
        ? 'It is sent unasked.'
        : `It is sent unasked; the parameter ${label(maker.control)} would change it.`;
  }
}

function label(control: Control): string {
  return PARAMETERS.find(({ name }) => name === control)?.label ?? control;
}
