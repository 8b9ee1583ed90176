"""Checks a practice server at PRACTICE_URL with the official SDKs of four providers."""

import sys

import with_anthropic
import with_gemini
import with_ollama
import with_openai
from report import Report

for module in [with_openai, with_anthropic, with_gemini, with_ollama]:
    module.checks()

# The form in which `cargo xtask test` counts tests.
result = "FAILED" if Report.failed else "ok"
print(f"test result: {result}. {Report.passed} passed; {Report.failed} failed; 0 ignored")
sys.exit(1 if Report.failed else 0)
