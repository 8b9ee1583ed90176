// The ollama package: chat, models.

import { Ollama } from "ollama";
import {
  COUNTED,
  MODELS,
  ORIGIN,
  Report,
  SHAPE,
  SHAPED,
  TEXT,
  all,
  fault,
  same,
} from "./report.mjs";

const STATUSES = [400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504, 529];

const messages = [{ role: "user", content: TEXT }];
const client = (headers = {}) => new Ollama({ host: ORIGIN, headers });
const chat = (more = {}, headers = {}) =>
  client(headers).chat({ model: "practice-1", messages, ...more });

async function whole() {
  const reply = await chat();
  same([reply.message.content, reply.done_reason], [COUNTED, "stop"]);
  same([reply.prompt_eval_count, reply.eval_count], [11, 25]);
}

async function streamed() {
  const chunks = await all(await chat({ stream: true }));
  same(chunks.map((chunk) => chunk.message.content).join(""), COUNTED);
  same([chunks.at(-1).done, chunks.at(-1).eval_count], [true, 25]);
}

async function options() {
  const reply = await chat({ options: { num_predict: 4, temperature: 0.5, seed: 7 } });
  same([reply.message.content, reply.done_reason], ["1, 2", "length"]);
}

async function generated() {
  const asked = { model: "practice-1", prompt: TEXT };
  same((await client().generate(asked)).response, COUNTED);
  const chunks = await all(await client().generate({ ...asked, stream: true }));
  same(chunks.map((chunk) => chunk.response).join(""), COUNTED);
}

async function shaped() {
  same(JSON.parse((await chat({ format: SHAPE })).message.content), SHAPED);
}

async function models() {
  const list = await client().list();
  same(
    list.models.map((model) => model.name),
    Object.keys(MODELS).map((id) => `${id}:latest`),
  );
  for (const [model, window] of Object.entries(MODELS)) {
    const shown = await client().show({ model });
    same(shown.model_info["practice.context_length"], window);
  }
  same((await client().version()).version.split(".").length, 3);
}

/** The status of the error, since the package does not export its class. */
async function status(run) {
  try {
    await run();
    return "nothing was thrown";
  } catch (error) {
    return [error.name, error.status_code];
  }
}

export async function checks() {
  const report = new Report("ollama");
  await report.check("whole", whole);
  await report.check("streamed", streamed);
  await report.check("generated", generated);
  await report.check("JSON by a schema", shaped);
  await report.check("options", options);
  await report.check("models", models);
  for (const code of STATUSES) {
    await report.check(`${code} is ResponseError`, async () =>
      same(await status(() => chat({}, fault(`status=${code}`))), ["ResponseError", code]),
    );
  }
  await report.check("an unknown model", async () =>
    same(await status(() => chat({ model: "llama-x" })), ["ResponseError", 404]),
  );
  await report.throws(
    "an error in the stream",
    Error,
    async () => all(await chat({ stream: true }, fault("in_stream_error"))),
    { message: "an error was encountered while running the model" },
  );
}
