import type { Gloss } from './bindings/Gloss';
import type { Glossary } from './bindings/Glossary';
import type { Host } from './host/host';

/** How a step of a place meets a step of a path, the closest first. */
enum Step {
  Named,
  Item,
  Any,
  Below,
}

const isIndex = (name: string | undefined) => name !== undefined && /^\d+$/.test(name);

/** `a[].b` is `a`, `[]`, `b`. */
function stepsOf(place: string): string[] {
  const parts = place.replaceAll('[]', '.[]').split('.');
  return parts.filter((part) => part !== '');
}

/** How closely a place fits a path; undefined if it does not. */
function fit(place: string, path: readonly string[]): Step[] | undefined {
  const steps: Step[] = [];
  let at = 0;
  for (const step of stepsOf(place)) {
    const name = path[at++];
    if (name === undefined) return undefined;
    if (step === '**') return [...steps, Step.Below];
    if (step === name) steps.push(Step.Named);
    else if (step === '[]' && isIndex(name)) steps.push(Step.Item);
    else if (step === '*') steps.push(Step.Any);
    else return undefined;
  }
  return at === path.length ? steps : undefined;
}

function isCloser(a: readonly Step[], b: readonly Step[]): boolean {
  const at = a.findIndex((step, index) => step !== b[index]);
  return at >= 0 ? (a[at] ?? 0) < (b[at] ?? -1) : a.length < b.length;
}

/**
 * The sentence for a field, by its JSON pointer; undefined if nothing is known of it. An item of a
 * list is what its list says, unless it has a sentence of its own; a body that is itself a list is
 * one body after the other. Rust finds it in the same way.
 */
export function explain(entries: readonly Gloss[], pointer: string): Gloss | undefined {
  const names = pointer.split('/').slice(1);
  const path = names.map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  while (isIndex(path[0])) path.shift();
  for (;;) {
    let best: { steps: Step[]; gloss: Gloss } | undefined;
    for (const gloss of entries) {
      const steps = fit(gloss.place, path);
      if (steps && (!best || isCloser(steps, best.steps))) best = { steps, gloss };
    }
    if (best || !isIndex(path.at(-1))) return best?.gloss;
    path.pop();
  }
}

/** The sentence for a header; one that begins alike stands in where it has none of its own. */
export function explainHeader(entries: readonly Gloss[], header: string): Gloss | undefined {
  const name = header.toLowerCase();
  const own = entries.find(({ place }) => place === name);
  const alike = ({ place }: Gloss) => place.endsWith('*') && name.startsWith(place.slice(0, -1));
  return own ?? entries.find(alike);
}

/** The sentences of every wire format that was asked for; each is fetched once. */
export class Glossaries {
  readonly #host: Host;
  #known = $state.raw<Readonly<Record<string, Glossary | null>>>({});
  readonly #asked: string[] = [];

  constructor(host: Host) {
    this.#host = host;
  }

  /** Those of `dialect`; undefined until they have come. */
  of(dialect: string): Glossary | undefined {
    return this.#known[dialect] ?? undefined;
  }

  /** Fetches those of `dialect`, unless that was done. */
  async want(dialect: string): Promise<void> {
    if (dialect === '' || this.#asked.includes(dialect)) return;
    this.#asked.push(dialect);
    const glossary = await this.#host.glossary(dialect).catch(() => null);
    this.#known = { ...this.#known, [dialect]: glossary };
  }
}
