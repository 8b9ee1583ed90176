// Checks a practice server at PRACTICE_URL with the official SDKs of four providers.

import { total } from "./report.mjs";
import * as anthropic from "./with_anthropic.mjs";
import * as gemini from "./with_gemini.mjs";
import * as ollama from "./with_ollama.mjs";
import * as openai from "./with_openai.mjs";

for (const { checks } of [openai, anthropic, gemini, ollama]) await checks();

// The form in which `cargo xtask test` counts tests.
const result = total.failed > 0 ? "FAILED" : "ok";
console.log(`test result: ${result}. ${total.passed} passed; ${total.failed} failed; 0 ignored`);
process.exitCode = total.failed > 0 ? 1 : 0;
