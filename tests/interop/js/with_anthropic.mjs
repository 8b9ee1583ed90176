// The @anthropic-ai/sdk package: messages, counts, models.

import Anthropic, { OverloadedError, ServiceUnavailableError } from "@anthropic-ai/sdk";
import {
  COUNTED,
  MODELS,
  ORIGIN,
  QUESTION,
  Report,
  SHAPE,
  SHAPED,
  TEXT,
  all,
  fault,
  faultTwice,
  same,
} from "./report.mjs";

const STATUSES = {
  400: Anthropic.BadRequestError,
  401: Anthropic.AuthenticationError,
  403: Anthropic.PermissionDeniedError,
  404: Anthropic.NotFoundError,
  409: Anthropic.ConflictError,
  422: Anthropic.UnprocessableEntityError,
  429: Anthropic.RateLimitError,
  500: Anthropic.InternalServerError,
  502: Anthropic.InternalServerError,
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

async function raw() {
  const { data, response, request_id } = await client().messages.create(asked).withResponse();
  same([response.headers.get("request-id"), data._request_id], [request_id, request_id]);
}

async function shaped() {
  const output_config = { format: { type: "json_schema", schema: SHAPE } };
  same(JSON.parse((await create({ output_config })).content[0].text), SHAPED);
}

async function tools() {
  const tool = { name: "f", input_schema: { type: "object" } };
  same((await create({ tools: [tool] })).content[0].text, COUNTED);
}

async function prefilled() {
  const messages = [...asked.messages, { role: "assistant", content: "1, 2, 3" }];
  same((await create({ messages })).content[0].text, ", 4, 5, 6, 7, 8, 9");
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
    Object.keys(MODELS),
  );
  same((await client().models.retrieve("practice-1")).display_name, "Practice 1");
}

/** It fails twice, which the client hides; so it does not fail for an impatient one later. */
async function retried() {
  const options = { headers: faultTwice() };
  same((await create({}, options)).content[0].text, COUNTED);
  same((await create({}, { ...options, maxRetries: 0 })).content[0].text, COUNTED);
}

export async function checks() {
  const report = new Report("@anthropic-ai/sdk");
  await report.check("whole", whole);
  await report.check("streamed", streamed);
  await report.check("events", events);
  await report.check("raw", raw);
  await report.check("JSON by a schema", shaped);
  await report.check("tools", tools);
  await report.check("prefilled", prefilled);
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
  const slow = { maxRetries: 0, timeout: 300, headers: fault("slow_headers=20s") };
  await report.throws("slow headers", Anthropic.APIConnectionTimeoutError, () => create({}, slow));
  const proxy = { maxRetries: 0, headers: fault("html") };
  await report.throws("a page of a proxy", Anthropic.InternalServerError, () => create({}, proxy), {
    status: 502,
  });
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
