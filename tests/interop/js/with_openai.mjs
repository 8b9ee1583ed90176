// The openai package: Chat Completions, Responses, models.

import OpenAI from "openai";
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
  400: OpenAI.BadRequestError,
  401: OpenAI.AuthenticationError,
  402: OpenAI.APIError,
  403: OpenAI.PermissionDeniedError,
  404: OpenAI.NotFoundError,
  409: OpenAI.ConflictError,
  413: OpenAI.APIError,
  422: OpenAI.UnprocessableEntityError,
  429: OpenAI.RateLimitError,
  500: OpenAI.InternalServerError,
  502: OpenAI.InternalServerError,
  503: OpenAI.InternalServerError,
  504: OpenAI.InternalServerError,
  529: OpenAI.InternalServerError,
};

const client = (options = {}) =>
  new OpenAI({ baseURL: `${ORIGIN}/v1`, apiKey: "practice", ...options });
const messages = [{ role: "user", content: TEXT }];

const chat = (body = {}, options = {}, from = client()) =>
  from.chat.completions.create({ model: "practice-1", messages, ...body }, options);
const respond = (body = {}, options = {}, from = client()) =>
  from.responses.create({ model: "practice-1", input: TEXT, ...body }, options);

async function chatWhole() {
  const reply = await chat();
  same([reply.choices[0].message.content, reply.choices[0].finish_reason], [COUNTED, "stop"]);
  same([reply.usage.prompt_tokens, reply.usage.completion_tokens], [11, 25]);
}

async function chatStreamed() {
  const chunks = await all(await chat({ stream: true, stream_options: { include_usage: true } }));
  same(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join(""), COUNTED);
  same(chunks.at(-1).usage.total_tokens, 36);
}

async function chatOptions() {
  const reply = await chat({ n: 2, stop: ", 4", logprobs: true, top_logprobs: 1 });
  same(
    reply.choices.map((choice) => choice.message.content),
    ["1, 2, 3", "1, 2, 3"],
  );
  same(reply.choices[1].logprobs.content.map((token) => token.token).join(""), "1, 2, 3");
}

async function chatHelper() {
  const asked = { model: "practice-1", messages, stream_options: { include_usage: true } };
  const stream = client().chat.completions.stream(asked);
  let text = "";
  stream.on("content", (piece) => (text += piece));
  same([(await stream.finalChatCompletion()).usage.total_tokens, text], [36, COUNTED]);
}

async function chatParsed() {
  const json_schema = { name: "shape", strict: true, schema: SHAPE };
  const response_format = { type: "json_schema", json_schema };
  const asked = { model: "practice-1", messages, response_format };
  same((await client().chat.completions.parse(asked)).choices[0].message.parsed, SHAPED);
}

async function chatTools() {
  const f = { name: "f", parameters: { type: "object", properties: {} }, function: () => "" };
  const asked = { model: "practice-1", messages, tools: [{ type: "function", function: f }] };
  same(await client().chat.completions.runTools(asked).finalContent(), COUNTED);
}

async function chatRaw() {
  const { data, response, request_id } = await client()
    .chat.completions.create({ model: "practice-1", messages })
    .withResponse();
  same([response.headers.get("x-request-id"), data._request_id], [request_id, request_id]);
}

async function responsesParsed() {
  const format = { type: "json_schema", name: "shape", strict: true, schema: SHAPE };
  const asked = { model: "practice-1", input: TEXT, text: { format } };
  same((await client().responses.parse(asked)).output_parsed, SHAPED);
}

async function responsesGoneOn() {
  const first = await respond();
  const more = { input: QUESTION, previous_response_id: first.id };
  const second = await respond({ temperature: 0, ...more });
  const ask = (content) => ({ role: "user", content });
  const input = [ask(TEXT), ...first.output, ask(QUESTION)];
  const whole = await respond({ temperature: 0, input });
  same(second.usage, whole.usage);
  same((await client().responses.retrieve(first.id)).output_text, COUNTED);
  await client().responses.delete(first.id);
}

async function responsesWhole() {
  const reply = await respond();
  same([reply.output_text, reply.status], [COUNTED, "completed"]);
  same([reply.usage.input_tokens, reply.usage.output_tokens], [11, 25]);
}

async function responsesStreamed() {
  const events = await all(await respond({ stream: true }));
  const deltas = events.filter((event) => event.type === "response.output_text.delta");
  same(deltas.map((event) => event.delta).join(""), COUNTED);
  same(events.at(-1).type, "response.completed");
}

async function responsesHelper() {
  const stream = client().responses.stream({ model: "practice-1", input: TEXT });
  same((await stream.finalResponse()).output_text, COUNTED);
}

async function responsesCounted() {
  const asked = { model: "practice-1", input: QUESTION };
  const count = await client().responses.inputTokens.count(asked);
  same(count.input_tokens, (await respond(asked)).usage.input_tokens);
}

async function models() {
  same(
    (await all(client().models.list())).map((model) => model.id),
    Object.keys(MODELS),
  );
  same((await client().models.retrieve("practice-1")).id, "practice-1");
}

/** It fails twice, which the client hides; so it does not fail for an impatient one later. */
async function retried(create) {
  const options = { headers: faultTwice() };
  same((await create({}, options)).usage.total_tokens, 36);
  same((await create({}, { ...options, maxRetries: 0 })).usage.total_tokens, 36);
}

export async function checks() {
  const report = new Report("openai");
  await report.check("chat: whole", chatWhole);
  await report.check("chat: streamed", chatStreamed);
  await report.check("chat: options", chatOptions);
  await report.check("chat: helper", chatHelper);
  await report.check("chat: parsed", chatParsed);
  await report.check("chat: tools", chatTools);
  await report.check("chat: raw", chatRaw);
  await report.check("responses: whole", responsesWhole);
  await report.check("responses: streamed", responsesStreamed);
  await report.check("responses: helper", responsesHelper);
  await report.check("responses: parsed", responsesParsed);
  await report.check("responses: gone on", responsesGoneOn);
  await report.check("responses: counted", responsesCounted);
  await report.check("models", models);
  for (const [name, create] of Object.entries({ chat, responses: respond })) {
    for (const [status, kind] of Object.entries(STATUSES)) {
      const options = { maxRetries: 0, headers: fault(`status=${status}`) };
      const title = `${name}: ${status} is ${kind.name}`;
      await report.throws(title, kind, () => create({}, options), { status: Number(status) });
    }
    const broke = { maxRetries: 0, headers: fault("code=insufficient_quota") };
    const code = "insufficient_quota";
    await report.throws(`${name}: no credit`, OpenAI.RateLimitError, () => create({}, broke), {
      code,
    });
    const page = { maxRetries: 0, headers: fault("html") };
    const proxy = () => create({}, page);
    await report.throws(`${name}: a page of a proxy`, OpenAI.InternalServerError, proxy, {
      status: 502,
    });
    const slow = { maxRetries: 0, timeout: 300, headers: fault("slow_headers=20s") };
    await report.throws(`${name}: slow headers`, OpenAI.APIConnectionTimeoutError, () =>
      create({}, slow),
    );
    await report.check(`${name}: retries after a 429`, () => retried(create));
    const wrong = client({ apiKey: "sk-wrong" });
    await report.throws(
      `${name}: a wrong key`,
      OpenAI.AuthenticationError,
      () => create({}, {}, wrong),
      { code: "invalid_api_key" },
    );
    const failing = { headers: fault("in_stream_error") };
    await report.throws(`${name}: an error in the stream`, OpenAI.APIError, async () =>
      all(await create({ stream: true }, failing)),
    );
  }
  const unknown = () => chat({ model: "gpt-x" });
  await report.throws("chat: an unknown model", OpenAI.NotFoundError, unknown, {
    code: "model_not_found",
  });
}
