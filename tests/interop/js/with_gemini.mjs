// The @google/genai package: content, counts, models.

import { ApiError, GoogleGenAI } from "@google/genai";
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

const STATUSES = [400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504, 529];

const client = (apiKey = "practice", httpOptions = {}) =>
  new GoogleGenAI({ apiKey, httpOptions: { baseUrl: ORIGIN, ...httpOptions } });
const asked = (more = {}) => ({ model: "practice-1", contents: TEXT, ...more });
const generate = (more = {}, from = client()) => from.models.generateContent(asked(more));
const using = (httpOptions) => ({ config: { httpOptions } });
const failing = (text) => using({ headers: fault(text) });

async function whole() {
  const reply = await generate();
  same([reply.text, reply.candidates[0].finishReason], [COUNTED, "STOP"]);
  const { promptTokenCount, candidatesTokenCount } = reply.usageMetadata;
  same([promptTokenCount, candidatesTokenCount], [11, 25]);
}

async function streamed() {
  const chunks = await all(await client().models.generateContentStream(asked()));
  same(chunks.map((chunk) => chunk.text ?? "").join(""), COUNTED);
  same(chunks.at(-1).usageMetadata.totalTokenCount, 36);
}

async function options() {
  const config = { candidateCount: 2, stopSequences: [", 4"], systemInstruction: "Be brief." };
  const reply = await generate({ config });
  const texts = reply.candidates.map((candidate) => candidate.content.parts[0].text);
  same(texts, ["1, 2, 3", "1, 2, 3"]);
}

async function chat() {
  const chat = client().chats.create({ model: "practice-1" });
  same((await chat.sendMessage({ message: TEXT })).text, COUNTED);
  const chunks = await all(await chat.sendMessageStream({ message: TEXT }));
  same(chunks.map((chunk) => chunk.text ?? "").join(""), COUNTED);
}

async function shaped() {
  const config = { responseMimeType: "application/json", responseJsonSchema: SHAPE };
  same(JSON.parse((await generate({ config })).text), SHAPED);
}

async function tools() {
  const config = { tools: [{ functionDeclarations: [{ name: "f", description: "" }] }] };
  same((await generate({ config })).text, COUNTED);
}

async function counted() {
  const contents = QUESTION;
  const count = await client().models.countTokens({ model: "practice-1", contents });
  same(count.totalTokens, (await generate({ contents })).usageMetadata.promptTokenCount);
}

async function models() {
  const list = await all(await client().models.list({ config: { pageSize: 1 } }));
  const limits = list.map((model) => [model.name.slice("models/".length), model.inputTokenLimit]);
  same(Object.fromEntries(limits), MODELS);
  same((await client().models.get({ model: "practice-1" })).displayName, "Practice 1");
}

/** It fails twice, which the client hides; so it does not fail for an impatient one later. */
async function retried() {
  const headers = faultTwice(503);
  same((await generate(using({ headers, retryOptions: { attempts: 3 } }))).text, COUNTED);
  same((await generate(using({ headers }))).text, COUNTED);
}

export async function checks() {
  const report = new Report("@google/genai");
  await report.check("whole", whole);
  await report.check("streamed", streamed);
  await report.check("under v1beta", () => generate({}, client("practice", { apiVersion: "v1beta" })));
  await report.check("options", options);
  await report.check("chat", chat);
  await report.check("JSON by a schema", shaped);
  await report.check("tools", tools);
  await report.check("counted", counted);
  await report.check("models", models);
  for (const status of STATUSES) {
    const run = () => generate(failing(`status=${status}`));
    await report.throws(`${status} is ApiError`, ApiError, run, { status });
  }
  await report.check("retries after a 503", retried);
  await report.check("faults behind the model", async () =>
    same((await generate({ model: "practice-1:slow_headers=10ms" })).text, COUNTED),
  );
  await report.throws("a wrong key", ApiError, () => generate({}, client("AIza-wrong")), {
    status: 400,
  });
  const unknown = () => generate({ model: "gemini-x" });
  await report.throws("an unknown model", ApiError, unknown, { status: 404 });
  await report.throws("an error in the stream", ApiError, async () =>
    all(await client().models.generateContentStream(asked(failing("in_stream_error")))),
  );
}
