import { visit, type ParseError } from 'jsonc-parser';
import { jsonFault } from './json';

/** A value of a JSON text, by where it stands in it. Offsets are in UTF-16 units. */
export interface JsonNode {
  kind: 'object' | 'array' | 'string' | 'number' | 'word';
  /** The number of the value around it; -1 for the outermost. */
  parent: number;
  /** How deep it lies; the outermost value is at 0. */
  depth: number;
  /** Which of the values around it this is, from 0, and how many lie directly in it. */
  place: number;
  count: number;
  /** Its name with the quotes, if it has one; else both are where the value begins. */
  nameFrom: number;
  nameTo: number;
  from: number;
  to: number;
  /** The number of the first value that does not lie in it. */
  next: number;
}

/**
 * A JSON text as a list of values in the order in which they stand. The text itself is kept and
 * shown: nothing is read as a number, and a name that comes twice is there twice.
 */
export class JsonDoc {
  #pointers: string[] = [];

  private constructor(
    readonly text: string,
    readonly nodes: readonly JsonNode[],
  ) {}

  /** The text read; a sentence that says why, if it is no JSON. */
  static read(text: string): JsonDoc | string {
    try {
      const reader = new Reader();
      visit(text, reader.visitor, { disallowComments: true });
      if (reader.fault) return `This is not JSON${jsonFault(text, reader.fault)}.`;
      return new JsonDoc(text, reader.nodes);
    } catch {
      return 'This JSON is nested too deep to be shown as a tree.';
    }
  }

  node(at: number): JsonNode {
    const node = this.nodes[at];
    if (!node) throw new RangeError(`there is no value ${at}`);
    return node;
  }

  /** The name as it is written, without its quotes; empty where there is none. */
  name(at: number): string {
    const { nameFrom, nameTo } = this.node(at);
    return this.text.slice(nameFrom + 1, Math.max(nameTo - 1, nameFrom + 1));
  }

  /** The value as it is written. */
  value(at: number): string {
    const { from, to } = this.node(at);
    return this.text.slice(from, to);
  }

  /** Where the value is, as a JSON pointer. */
  pointer(at: number): string {
    return (this.#pointers[at] ??= this.#pointer(at));
  }

  #pointer(at: number): string {
    const { parent, place, nameTo, nameFrom } = this.node(at);
    if (parent < 0) return '';
    const step = nameTo > nameFrom ? decoded(this.text.slice(nameFrom, nameTo)) : String(place);
    return `${this.pointer(parent)}/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  }

  /** The same for people and programs, such as `choices[0].delta`. */
  path(at: number): string {
    const { parent, place, nameTo, nameFrom } = this.node(at);
    if (parent < 0) return '';
    const before = this.path(parent);
    if (nameTo === nameFrom) return `${before}[${place}]`;
    const name = decoded(this.text.slice(nameFrom, nameTo));
    if (!/^[\p{L}_$@][\p{L}\d_$-]*$/u.test(name)) return `${before}[${JSON.stringify(name)}]`;
    return before === '' ? name : `${before}.${name}`;
  }

  /** The first value at a pointer; -1 if there is none. */
  at(pointer: string): number {
    let found = this.nodes.length > 0 ? 0 : -1;
    const steps = pointer.split('/').length - 1;
    for (let depth = 1; depth <= steps && found >= 0; depth++) {
      const below = this.nodes[found];
      const wanted = pointer.split('/', depth + 1).join('/');
      let child = found + 1;
      while (below && child < below.next && this.pointer(child) !== wanted) {
        child = this.node(child).next;
      }
      found = below && child < below.next ? child : -1;
    }
    return found;
  }

  /** The innermost value whose name or text holds an offset. */
  around(offset: number): number {
    let found = this.nodes.length > 0 ? 0 : -1;
    for (let child = found + 1; found >= 0 && child < this.node(found).next;) {
      const { nameFrom, to, next } = this.node(child);
      if (offset >= nameFrom && offset < to) {
        found = child;
        child++;
      } else child = next;
    }
    return found;
  }
}

/** Fills the list as the parser walks through the text. */
class Reader {
  readonly nodes: JsonNode[] = [];
  fault: ParseError | undefined;
  #open: number[] = [];
  #name: { from: number; to: number } | undefined;

  readonly visitor = {
    onObjectBegin: (from: number) => this.#begin('object', from),
    onArrayBegin: (from: number) => this.#begin('array', from),
    onObjectProperty: (_: string, from: number, length: number) => {
      this.#name = { from, to: from + length };
    },
    onLiteralValue: (value: unknown, from: number, length: number) => {
      const kind = typeof value;
      this.#add(kind === 'string' || kind === 'number' ? kind : 'word', from, from + length);
    },
    onObjectEnd: (from: number, length: number) => this.#end(from + length),
    onArrayEnd: (from: number, length: number) => this.#end(from + length),
    onError: (error: number, offset: number, length: number) => {
      this.fault ??= { error, offset, length };
    },
  };

  #begin(kind: 'object' | 'array', from: number): void {
    this.#open.push(this.#add(kind, from, from));
  }

  #end(to: number): void {
    const node = this.nodes[this.#open.pop() ?? -1];
    if (node) [node.to, node.next] = [to, this.nodes.length];
  }

  #add(kind: JsonNode['kind'], from: number, to: number): number {
    const parent = this.#open.at(-1) ?? -1;
    const around = this.nodes[parent];
    const name = this.#name ?? { from, to: from };
    this.#name = undefined;
    const at = this.nodes.length;
    const place = around?.count ?? 0;
    if (around) around.count++;
    const depth = this.#open.length;
    const names = { nameFrom: name.from, nameTo: name.to };
    this.nodes.push({ kind, parent, depth, place, count: 0, ...names, from, to, next: at + 1 });
    return at;
  }
}

function decoded(name: string): string {
  try {
    return JSON.parse(name) as string;
  } catch {
    return name.slice(1, -1);
  }
}
