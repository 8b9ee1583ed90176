import type { BatchOrder } from '../bindings/BatchOrder';
import type { BatchPlan } from '../bindings/BatchPlan';
import type { KeptComparison } from '../bindings/KeptComparison';
import type { Host } from '../host/host';
import type { Play } from '../play.svelte';
import { Batch, type Shape } from './batch.svelte';
import { Order } from './order.svelte';

export type BatchKind = Shape['kind'];

/** The place of sweeps and sets: what is composed there, and what is looked at. */
export class Batches {
  kind = $state<BatchKind>('sweep');
  /** What was sent, or opened; nothing while an order is composed. */
  batch = $state.raw<Batch>();
  readonly orders: Record<BatchKind, Order>;

  /** The question that the form was given by Play. */
  #given = '';
  #isSending = false;

  constructor(
    private readonly host: Host,
    /** The chat that is looked at now: a sweep begins with it. */
    private readonly current: () => Play,
  ) {
    this.orders = { sweep: new Order(host), set: new Order(host) };
    this.orders.set.repeats = 1;
  }

  get order(): Order {
    return this.orders[this.kind];
  }

  /**
   * Shows what was looked at last, or a form. A question that nobody changed in it is the one that
   * Play has now.
   */
  begin(kind: BatchKind): void {
    const { orders } = this;
    const play = this.current();
    if (!this.batch) this.kind = kind;
    if ([this.#given, ''].includes(orders.sweep.question)) {
      this.#given = play.draft.trim() === '' ? (play.last?.question ?? '') : play.draft;
      orders.sweep.question = this.#given;
    }
    for (const order of [orders.sweep, orders.set])
      if (order.targets.length === 0) order.targets = [play.target];
  }

  /** The order as it stands; nothing while something is missing. */
  async made(kind = this.kind): Promise<BatchOrder | undefined> {
    const { sweep, set } = this.orders;
    const play = this.current();
    return kind === 'sweep' ? sweep.sweep(play.chat, play.target) : set.set(play.chat);
  }

  quote(): void {
    const kind = this.kind;
    this.order.quote(() => this.made(kind));
  }

  /**
   * Sends what is composed, once however often it is asked, and only if it comes to what was shown:
   * else that is shown first.
   */
  async send(): Promise<void> {
    const { kind, order: form } = this;
    const shown = form.plan;
    if (this.batch || this.#isSending || !shown) return;
    this.#isSending = true;
    try {
      const order = await this.made(kind);
      const plan = order && (await this.host.planBatch(order));
      if (!order || !plan) return;
      form.plan = plan;
      if (plan.sentence !== shown.sentence) return;
      this.batch = new Batch(this.host, shapeOf(order, plan));
      void this.batch.start(order, form.concurrency);
    } catch (error) {
      form.refuse(error);
    } finally {
      this.#isSending = false;
    }
  }

  /** Shows one of the past, or one that goes on. */
  async open(kept: KeptComparison): Promise<void> {
    const shape = keptShape(kept);
    if (this.batch?.shape.id === shape.id && this.batch.state) return;
    this.kind = shape.kind;
    this.batch = new Batch(this.host, shape);
    await this.batch.watch();
  }

  /** These were deleted from the disk, or all: one that is looked at is there no more. */
  forget(ids?: readonly string[]): void {
    if (this.batch && (ids?.includes(this.batch.shape.id) ?? true)) this.compose();
  }

  /** Goes back to composing; what goes on goes on, and is found in Runs. */
  compose(): void {
    const kind = this.kind;
    this.batch = undefined;
    this.begin(kind);
  }
}

/** What an order comes to, with the labels of its plan. */
function shapeOf(order: BatchOrder, plan: BatchPlan): Shape {
  const question =
    order.kind === 'sweep'
      ? (order.base.messages.at(-1)?.text ?? '')
      : (order.prompts.prompts[0]?.messages.at(-1)?.text ?? '');
  const targets =
    order.kind === 'set'
      ? order.columns.map(({ target }) => target)
      : plan.columns.map((_, at) =>
          order.axis.type === 'targets' ? (order.axis.targets[at] ?? order.target) : order.target,
        );
  const prompts =
    order.kind === 'set'
      ? order.prompts.prompts.map(({ messages }) => messages.at(-1)?.text ?? '')
      : [question];
  return {
    id: crypto.randomUUID(),
    kind: order.kind,
    title: '',
    columns: targets.map((target, at) => ({ label: plan.columns[at] ?? '', target })),
    rows: plan.rows.map((label, at) => ({ label, prompt: prompts[at] ?? '' })),
    repeats: plan.repeats,
  };
}

/** What was kept of a sweep or a set. */
function keptShape({ summary, plan }: KeptComparison): Shape {
  return {
    id: summary.id,
    kind: summary.kind === 'set' ? 'set' : 'sweep',
    title: summary.title,
    columns: plan.columns.map(({ label, target }) => ({ label, target })),
    rows: plan.rows.map(({ label, prompt }) => ({ label, prompt })),
    repeats: plan.repeats,
  };
}
