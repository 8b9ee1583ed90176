// The openai package: Chat Completions, Responses, models.

import OpenAI from "openai";
import { COUNTED, ORIGIN, QUESTION, Report, TEXT, all, fault, faultOnce, same } from "./report.mjs";

const STATUSES = {
  400: OpenAI.BadRequestError,
  401: OpenAI.AuthenticationError,
  403: OpenAI.PermissionDeniedError,
  404: OpenAI.NotFoundError,
  429: OpenAI.RateLimitError,
  500: OpenAI.InternalServerError,
  503: OpenAI.InternalServerError,
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
    ["practice-1"],
  );
  same((await client().models.retrieve("practice-1")).id, "practice-1");
}

/** It fails once, which the client hides; so it does not fail for an impatient one later. */
async function retried(create) {
  const options = { headers: faultOnce() };
  same((await create({}, options)).usage.total_tokens, 36);
  same((await create({}, { ...options, maxRetries: 0 })).usage.total_tokens, 36);
}

export async function checks() {
  const report = new Report("openai");
  await report.check("chat: whole", chatWhole);
  await report.check("chat: streamed", chatStreamed);
  await report.check("chat: options", chatOptions);
  await report.check("responses: whole", responsesWhole);
  await report.check("responses: streamed", responsesStreamed);
  await report.check("responses: helper", responsesHelper);
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
