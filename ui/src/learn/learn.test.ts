import { beforeEach, expect, test } from 'vitest';
import { App } from '../app.svelte';
import type { RunEvent } from '../bindings/RunEvent';
import { FakeHost } from '../host/fake';
import { UNSET } from '../parameters';
import { words } from './words';

let host: FakeHost;
let app: App;

beforeEach(async () => {
  host = new FakeHost();
  host.pace = undefined;
  app = new App(host, await host.start());
  await app.learn.read();
});

const finished: RunEvent = { type: 'finished', at_us: 2 };
const card = () => {
  if (!app.learn.card) throw new Error('no lesson is open');
  return app.learn.card;
};

test('a lesson opens its start in Play, and what was there comes back', async () => {
  app.play.draft = 'My own words';
  app.play.parameters = { ...UNSET, temperature: 0.3 };
  const own = app.play;
  app.go('learn');
  await app.learn.start('make-it-stop');
  expect(app.isPlaying).toBe(true);
  expect([app.play.system, app.play.draft]).toEqual(['Be brief.', 'Tell me of make-it-stop.']);
  expect(app.play.parameters.max_tokens).toBe(30);
  expect(app.play.exchanges).toEqual([]);

  app.learn.leave();
  expect(app.play).toBe(own);
  expect(app.play.draft).toBe('My own words');
  expect(app.play.parameters.temperature).toBe(0.3);
  expect(app.learn.card).toBeUndefined();
});

test('columns that were compared come back too', async () => {
  app.pickMore({ ...app.play.target, model: 'practice-mini' });
  app.columns.draft = 'Both of you';
  await app.learn.start('first-call');
  expect(app.columns.isComparing).toBe(false);
  app.learn.leave();
  expect(app.columns.all.map(({ play }) => play.target.model)).toEqual([
    'practice-1',
    'practice-mini',
  ]);
  expect(app.columns.draft).toBe('Both of you');
});

test('a lesson that was left goes on with the same conversation, and one does not spoil another', async () => {
  const own = app.play;
  await app.learn.start('first-call');
  app.play.send();
  host.tell([finished]);
  const first = app.play;
  await app.learn.start('make-it-stop');
  expect(app.play).not.toBe(first);
  await app.learn.start('first-call');
  expect(app.play).toBe(first);
  expect(app.play.exchanges).toHaveLength(1);
  app.learn.leave();
  expect(app.play).toBe(own);
  await app.learn.start('first-call');
  expect(app.play).toBe(first);
});

test('begun anew, a lesson has another start, and nothing is done in it', async () => {
  await app.learn.start('first-call');
  const first = app.play;
  host.lessons.pass('first-call', 'predict-1');
  await card().look();
  expect(card().exercises.filter(Boolean)).toHaveLength(1);
  await app.learn.again('first-call');
  expect(app.play).not.toBe(first);
  expect(card().exercises.filter(Boolean)).toHaveLength(0);
});

test('what stands behind something to do is shown once that is done', async () => {
  await app.learn.start('first-call');
  const ids = () => card().shown.map(({ id }) => id);
  expect(ids()).toEqual(['text-1', 'predict-1']);
  await card().answer('predict-1', { type: 'number', value: 40 });
  expect(ids()).toEqual(['text-1', 'predict-1', 'step-1']);
  expect(card().point).toBe('send');
  host.lessons.pass('first-call', 'step-1');
  await card().look();
  expect(ids().at(-1)).toBe('quiz-1');
  expect(card().point).toBeUndefined();
});

test('a guess of which there is no need is neither shown nor counted', async () => {
  await app.learn.start('first-call');
  const all = card().exercises.length;
  host.lessons.leftOut.add('predict-1');
  await card().look();
  expect(card().shown.map(({ id }) => id)).toEqual(['text-1', 'step-1']);
  expect(card().exercises).toHaveLength(all - 1);
});

test('a lesson that was finished stays so when it is begun anew', async () => {
  await app.learn.start('first-call');
  for (const { id } of card().lesson.parts) host.lessons.pass('first-call', id);
  await app.learn.again('first-call');
  await app.learn.read();
  const finished = () => app.learn.lessons.map(({ is_finished }) => is_finished);
  expect([card().isDone, ...finished()]).toEqual([false, true, false]);
  await app.learn.reset();
  expect(finished()).toEqual([false, false]);
});

test('each answer is told to a screen reader, and what is missing is', async () => {
  await app.learn.start('first-call');
  await card().answer('predict-1', { type: 'number', value: 40 });
  expect(card().said).toBe('Done. The lesson goes on.');
  await card().look();
  expect(card().said).toContain('still missing');
  host.lessons.pass('first-call', 'step-1');
  await card().look();
  expect(card().said).toBe('Done. The lesson goes on.');
  await card().answer('quiz-1', { type: 'choice', chosen: 0 });
  expect(card().said).toBe('Not quite.');
  await card().answer('quiz-1', { type: 'choice', chosen: 1 });
  expect(card().said).toBe('Right. Done. The lesson goes on.');
});

test('an answer that was overtaken by another changes nothing', async () => {
  await app.learn.start('first-call');
  let late: () => void = () => undefined;
  const look = host.lookAtLesson;
  host.lookAtLesson = (slug) => {
    const state = host.lessons.state(slug);
    return new Promise((resolve) => (late = () => resolve(state)));
  };
  const old = card().look();
  host.lookAtLesson = look;
  await card().answer('predict-1', { type: 'number', value: 40 });
  late();
  await old;
  expect(card().of('predict-1')?.done).toBe(true);
});

test('every run that ends is heard of, in whichever column', async () => {
  await app.learn.start('first-call');
  const told = [app.learn.ended];
  app.play.send();
  host.tell([finished]);
  told.push(app.learn.ended);
  app.pickMore({ ...app.play.target, model: 'practice-mini' });
  app.columns.draft = 'Both';
  app.columns.send();
  await expect.poll(() => host.comparisons.rounds.length).toBe(1);
  for (const { id } of host.comparisons.rounds[0]?.runs ?? []) {
    host.comparisons.tell(id, [finished]);
    told.push(app.learn.ended);
  }
  expect(new Set(told).size).toBe(4);
});

test('a proof is sent as its lesson says, beside the conversation', async () => {
  await app.learn.start('first-call');
  const right = { type: 'line', line: 2 } as const;
  await card().answer('mistake-1', right);
  const proof = card().of('mistake-1')?.verdict?.proof;
  if (!proof) throw new Error('the mistake has a proof');
  await card().prove('mistake-1', proof);
  expect(host.started.at(-1)?.target.model).toBe('practice-0');
  expect(host.started.at(-1)?.chat.messages.map(({ text }) => text)).toEqual(['Prove it.']);
  host.tell([finished]);
  expect(card().proofOf('mistake-1')?.isOver).toBe(true);
  expect(app.play.exchanges).toEqual([]);
});

test('the next lesson is the one that was begun, or the first that is not done', async () => {
  expect(app.learn.next?.slug).toBe('first-call');
  await app.learn.start('make-it-stop');
  await app.learn.read();
  expect(app.learn.next?.slug).toBe('make-it-stop');
});

test('what is wrong with the course is said, and a lesson that does not open changes nothing', async () => {
  const own = app.play;
  host.openLesson = () => Promise.reject({ code: 'failed', message: 'There is no such lesson.' });
  await app.learn.start('nowhere');
  expect(app.learn.problem).toBe('There is no such lesson.');
  expect(app.play).toBe(own);
});

test('the course is offered until a lesson is begun', async () => {
  expect(app.settings.offers_course).toBe(true);
  await app.learn.start('first-call');
  expect(app.settings.offers_course).toBe(false);
});

test('a text in words has what its links say', () => {
  const link = { type: 'room', room: 'runs' } as const;
  const spans = [
    { type: 'text' as const, text: 'See ' },
    { type: 'link' as const, to: link, spans: [{ type: 'code' as const, text: 'Runs' }] },
  ];
  const list = {
    type: 'list' as const,
    is_ordered: false,
    items: [[{ type: 'paragraph' as const, spans }]],
  };
  expect(words([{ type: 'paragraph', spans }, list])).toBe('See Runs See Runs');
});
