import { flushSync } from 'svelte';
import { expect, test } from 'vitest';
import { JsonDoc } from './jsondoc';
import { JsonView } from './jsonview.svelte';

function doc(text: string): JsonDoc {
  const read = JsonDoc.read(text);
  if (typeof read === 'string') throw new Error(read);
  return read;
}

const told = (it: JsonDoc) => it.nodes.map((_, at) => `${it.pointer(at)} ${it.value(at)}`);

test.each(['1.0', '1e400', '12345678901234567890', '-0', '-0.50e+07', '"\\u00e9\\/"', 'null'])(
  'the value %s is shown as it is written',
  (value) => {
    const read = doc(`{ "a": [ ${value} ] }`);
    expect(read.value(2)).toBe(value);
    expect(read.pointer(2)).toBe('/a/0');
    expect(doc(value).value(0)).toBe(value);
  },
);

test('names that come twice are there twice', () => {
  expect(told(doc('{"a":1,"b":{"a":2},"a":3}'))).toEqual([
    ' {"a":1,"b":{"a":2},"a":3}',
    '/a 1',
    '/b {"a":2}',
    '/b/a 2',
    '/a 3',
  ]);
});

test('every value knows its place, its name and what lies in it', () => {
  const text = '{\n  "a/b": [{"~": "x"}, []],\n  "": {}, "é\\n": 7\n}';
  const read = doc(text);
  expect(read.nodes.map((_, at) => read.pointer(at))).toEqual([
    '',
    '/a~1b',
    '/a~1b/0',
    '/a~1b/0/~0',
    '/a~1b/1',
    '/',
    '/é\n',
  ]);
  expect(read.path(3)).toBe('["a/b"][0]["~"]');
  expect(doc('{"a":[{"b_1":0}]}').path(3)).toBe('a[0].b_1');
  expect(read.name(6)).toBe('é\\n');
  expect(read.nodes.map(({ next }) => next)).toEqual([7, 5, 4, 4, 5, 6, 7]);
  for (const [at] of read.nodes.entries()) {
    expect(read.at(read.pointer(at)), read.pointer(at)).toBe(at);
    expect(read.around(read.node(at).from), `around ${at}`).toBe(at);
    expect(read.around(read.node(at).nameFrom), `around the name of ${at}`).toBe(at);
  }
  expect(read.at('/a~1b/2')).toBe(-1);
  expect(read.at('/nothing/here')).toBe(-1);
});

test.each([
  ['', 'a value is expected'],
  ['{"a": 1', 'the closing } is missing'],
  ['{"a": 1,}', 'the name of a field is expected'],
  ['[1] // no', 'no comments'],
  ['<html>', 'Line 1, column 1'],
  ['[1] [2]', 'more follows'],
])('%j is no tree, and it is said why', (text, why) => {
  expect(JsonDoc.read(text)).toContain(why);
});

test('a text that is nested without end is refused and not crashed on', () => {
  expect(JsonDoc.read('['.repeat(200_000))).toMatch(/^This/);
});

function view(text: string) {
  let shown = $state(text);
  const it = new JsonView(() => shown);
  const names = () => it.rows.map((at) => it.doc?.path(at));
  return { it, names, write: (next: string) => flushSync(() => (shown = next)) };
}

test('what is folded stays folded by its place while the text changes', () => {
  const { it, names, write } = view('{"m":[{"a":1},{"a":2}],"t":0}');
  expect(names()).toEqual(['m', 'm[0]', 'm[0].a', 'm[1]', 'm[1].a', 't']);
  it.fold(it.doc?.at('/m/0') ?? -1, true);
  expect(names()).toEqual(['m', 'm[0]', 'm[1]', 'm[1].a', 't']);
  write('{"x":0,"m":[{"a":1},{"a":2}],"t":0}');
  expect(names()).toEqual(['x', 'm', 'm[0]', 'm[1]', 'm[1].a', 't']);
  it.foldAll(true);
  expect(names()).toEqual(['x', 'm', 't']);
  it.foldAll(false);
  expect(names()).toHaveLength(7);
  write('no JSON');
  expect(names()).toEqual([]);
  expect(it.problem).toContain('This is not JSON');
  write('7');
  expect(it.rows).toEqual([0]);
});

test('a large body begins folded, and every row of it is found', () => {
  const items = Array.from({ length: 3000 }, (_, n) => ({ n, deep: { text: `word ${n}` } }));
  const { it } = view(JSON.stringify({ items }));
  expect(it.rows).toHaveLength(3001);
  it.find('word 2999');
  expect(it.matches).toHaveLength(1);
  expect(it.doc?.path(it.active ?? 0)).toBe('items[2999].deep.text');
  expect(it.rows).toHaveLength(3001 + 3);
  expect(it.rowOf(it.active)).toBe(3003);
  expect(it.rowOf(undefined)).toBe(-1);
});

test('what is looked for is found in names and values, and nowhere else', () => {
  const { it } = view('{"Sky": "the sky, the SKY", "s": ["Sky\\n", {"k": 5}], "n": 55}');
  it.find('sky');
  expect(it.matches.map(({ at, from, to }) => [it.doc?.path(at), to - from])).toEqual([
    ['Sky', 3],
    ['Sky', 3],
    ['Sky', 3],
    ['s[0]', 3],
  ]);
  expect(it.current).toBe(0);
  it.step(-1);
  expect(it.current).toBe(3);
  expect(it.doc?.path(it.active ?? 0)).toBe('s[0]');
  it.step(1);
  expect(it.current).toBe(0);
  it.find('5');
  expect(it.matches.map(({ at }) => it.doc?.path(at))).toEqual(['s[1].k', 'n', 'n']);
  it.find('": [');
  expect(it.matches).toEqual([]);
  it.step(1);
  expect(it.match).toBeUndefined();
  it.find('[');
  expect(it.matches).toEqual([]);
});

test('a match deep in a long text opens it', () => {
  const { it } = view(JSON.stringify({ text: `${'a'.repeat(5000)} needle` }));
  expect(it.opened(1)).toBeUndefined();
  it.find('needle');
  expect(it.opened(1)).toBe(16_000);
  it.open(1, false);
  expect(it.opened(1)).toBeUndefined();
});
