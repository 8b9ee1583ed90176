// Runs checks one by one and prints a line for each, with what went wrong.

import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";

export const ORIGIN = process.env.PRACTICE_URL;
export const QUESTION = "Why is the sky blue?";
export const TEXT = "count to 9";
export const COUNTED = "1, 2, 3, 4, 5, 6, 7, 8, 9";
/** Every model of practice, and how many tokens each reads. */
export const MODELS = {
  "practice-1": 4096,
  "practice-mini": 512,
  "practice-reasoner": 4096,
  "practice-long": 32768,
};

/** The header by which practice is asked to fail. */
export const fault = (text) => ({ "x-practice-fault": text });

/** The header by which a request fails twice before it succeeds. */
export const faultTwice = (status = 429) => fault(`status=${status}, times=2, retry_after=50ms`);

/** What a reply is asked to look like. */
export const SHAPE = {
  type: "object",
  properties: { words: { type: "string" }, count: { type: "integer" } },
  required: ["words", "count"],
  additionalProperties: false,
};

/** A reply of that shape. */
export const SHAPED = { words: COUNTED, count: 1 };

export const total = { passed: 0, failed: 0 };

/** Equal, or an error that shows both. */
export function same(found, expected) {
  if (!isDeepStrictEqual(found, expected)) {
    throw new Error(`${JSON.stringify(found)} is not ${JSON.stringify(expected)}`);
  }
}

export async function all(stream) {
  const items = [];
  for await (const item of stream) items.push(item);
  return items;
}

/** The checks of one SDK. */
export class Report {
  constructor(name) {
    const path = new URL(`node_modules/${name}/package.json`, import.meta.url);
    this.title = `javascript  ${name} ${JSON.parse(readFileSync(path)).version}`;
  }

  /** A check holds unless it throws. */
  async check(name, run) {
    try {
      await run();
      this.line(name);
    } catch (error) {
      this.line(name, `${error}`);
    }
  }

  /** A check that holds if it throws this error with these properties. */
  async throws(name, kind, run, expected = {}) {
    try {
      await run();
      this.line(name, "nothing was thrown");
    } catch (error) {
      const names = Object.keys(expected);
      const found = Object.fromEntries(names.map((name) => [name, error[name]]));
      const exact = error.constructor === kind && isDeepStrictEqual(found, expected);
      this.line(name, exact ? undefined : `${error} ${JSON.stringify(found)}`);
    }
  }

  line(name, problem) {
    total[problem === undefined ? "passed" : "failed"] += 1;
    const result = problem === undefined ? "ok" : `FAILED: ${problem.slice(0, 300)}`;
    console.log(this.title.padEnd(38) + name.padEnd(44) + result);
  }
}
