// The @anthropic-ai/sdk package: messages, counts, models.

import Anthropic, { OverloadedError, ServiceUnavailableError } from "@anthropic-ai/sdk";
import { COUNTED, ORIGIN, QUESTION, Report, TEXT, all, fault, faultOnce, same } from "./report.mjs";

const STATUSES = {
  400: Anthropic.BadRequestError,
  401: Anthropic.AuthenticationError,
  403: Anthropic.PermissionDeniedError,
  404: Anthropic.NotFoundError,
  429: Anthropic.RateLimitError,
  500: Anthropic.InternalServerError,
  503: ServiceUnavailableError,
  529: OverloadedError,
};

const client = (options = {}) =>
  new Anthropic({ baseURL: ORIGIN, apiKey: "practice", ...options });
const asked = {
  model: "practice-1",
  max_tokens: 100,
  messages: [{ role: "user", content: TEXT }],
};
const create = (body = {}, options = {}, from = client()) =>
  from.messages.create({ ...asked, ...body }, options);

async function whole() {
  const reply = await create();
  same([reply.content[0].text, reply.stop_reason], [COUNTED, "end_turn"]);
  same([reply.usage.input_tokens, reply.usage.output_tokens], [11, 25]);
}

async function streamed() {
  const message = await client().messages.stream(asked).finalMessage();
  same(message.content[0].text, COUNTED);
  same([message.usage.input_tokens, message.usage.output_tokens], [11, 25]);
}

async function events() {
  const types = (await all(await create({ stream: true }))).map((event) => event.type);
  same(types.slice(0, 2), ["message_start", "content_block_start"]);
  same(types.slice(-3), ["content_block_stop", "message_delta", "message_stop"]);
}

async function stopSequence() {
  const reply = await create({ stop_sequences: [", 4"] });
  same([reply.content[0].text, reply.stop_sequence], ["1, 2, 3", ", 4"]);
}

async function counted() {
  const messages = [{ role: "user", content: QUESTION }];
  const count = await client().messages.countTokens({ model: "practice-1", messages });
  same(count.input_tokens, (await create({ messages })).usage.input_tokens);
}

async function models() {
  const list = await all(client().models.list({ limit: 1 }));
  same(
    list.map((model) => model.id),
    ["practice-1"],
  );
  same((await client().models.retrieve("practice-1")).display_name, "Practice 1");
}

/** It fails once, which the client hides; so it does not fail for an impatient one later. */
async function retried() {
  const options = { headers: faultOnce() };
  same((await create({}, options)).content[0].text, COUNTED);
  same((await create({}, { ...options, maxRetries: 0 })).content[0].text, COUNTED);
}

export async function checks() {
  const report = new Report("@anthropic-ai/sdk");
  await report.check("whole", whole);
  await report.check("streamed", streamed);
  await report.check("events", events);
  await report.check("stop sequence", stopSequence);
  await report.check("counted", counted);
  await report.check("models", models);
  await report.check("temperature under 2023-06-01", () =>
    create({ temperature: 0.5 }, { headers: { "anthropic-version": "2023-06-01" } }),
  );
  await report.throws("temperature under 2026-10-21", Anthropic.BadRequestError, () =>
    create({ temperature: 1 }, { headers: { "anthropic-version": "2026-10-21" } }),
  );
  for (const [status, kind] of Object.entries(STATUSES)) {
    const options = { maxRetries: 0, headers: fault(`status=${status}`) };
    const title = `${status} is ${kind.name}`;
    await report.throws(title, kind, () => create({}, options), { status: Number(status) });
  }
  await report.check("retries after a 429", retried);
  const wrong = client({ apiKey: "sk-wrong" });
  await report.throws("a wrong key", Anthropic.AuthenticationError, () => create({}, {}, wrong));
  const bearer = client({ apiKey: null, authToken: "practice" });
  await report.check("a key as bearer token", () => create({}, {}, bearer));
  const unknown = () => create({ model: "claude-x" });
  await report.throws("an unknown model", Anthropic.NotFoundError, unknown);
  const failing = { headers: fault("in_stream_error") };
  await report.throws("an error in the stream", Anthropic.APIError, async () =>
    all(await create({ stream: true }, failing)),
  );
}
