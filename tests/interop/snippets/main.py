"""Runs every snippet against practice, and compares what arrives there with the request.

Without an SDK the body is the same, byte for byte; with one it is the same JSON. What a snippet
prints is the text of the reply; curl prints the reply itself.
"""

import json
import os
import subprocess
import sys
import threading
from collections import Counter
from urllib.parse import unquote

import programs
from cases import cases
from recorder import Recorder

KEY = "practice-canary-5f1c9d"
VARIABLE = "CUSTOM_API_KEY"
RUNNERS = {
    "curl": programs.shell,
    "python-sdk": programs.python,
    "python-httpx": programs.python,
    "javascript-sdk": programs.javascript,
    "javascript-fetch": programs.javascript,
    "rust": programs.rust,
}


class Case:
    """A call: its request, its snippets, and the text of its reply."""

    def __init__(self, number, name, dialect, asked, written):
        self.id, self.dialect, self.asked = f"c{number}", dialect, asked
        streams = asked["parameters"]["stream"]
        self.title = f"{dialect}, {'streamed' if streams else 'whole'}, {name}"
        self.is_held = streams and name == "plain"
        self.request = written["request"]
        self.origin = asked["base_url"].removesuffix("/v1")
        self.snippets = {snippet["language"]: snippet for snippet in written["snippets"]}
        self.text = None

    def problem(self, language, printed, error, exchanges):
        """What is not as it should be, if anything."""
        if len(exchanges) != 1:
            return f"{len(exchanges)} requests arrived. {error}"
        [found] = exchanges
        if unquote(f"{self.origin}{found.path}") != unquote(self.request["url"]):
            return f"it asked for {found.path}"
        is_same = same_json if language.endswith("-sdk") else bytes.__eq__
        if not is_same(found.body, self.request["body"].encode()):
            return f"the body was {found.body[:300]!r}"
        if not has_key(found.headers, self.asked):
            return "the key did not arrive, or another one"
        if not found.came_in_pieces:
            return "nothing was printed before the reply was whole"
        if found.status != 200:
            return None if error or language == "curl" else f"a refusal was printed: {printed!r}"
        if language == "curl":
            self.text = said(self.dialect, found.reply)
            return None if printed.encode() == found.reply else f"it printed {printed[:200]!r}"
        return None if (printed, error) == (self.text + "\n", None) else f"{printed!r}, {error}"


def same_json(found, sent):
    return json.loads(found) == json.loads(sent)


def has_key(headers, asked):
    key = {"practice": "practice"}.get(asked["provider"], KEY)
    values = [headers.get(name, "") for name in ["authorization", "x-api-key", "x-goog-api-key"]]
    return any(value.removeprefix("Bearer ") == key for value in values) == asked["has_key"]


def said(dialect, reply):
    """The text of a reply, as the app reads it."""
    file = programs.TOOLS / "reply"
    file.write_bytes(reply)
    output, error = programs.command([programs.EXAMPLES / "wire", "--dialect", dialect, file])
    if error:
        raise SystemExit(error)
    return json.loads(output)["text"] or ""


def written(recorder):
    """Every case, with its snippets from the example `code`."""
    wanted = list(cases())
    for number, (_, _, asked) in enumerate(wanted):
        asked["base_url"] = f"{recorder.origin}/c{number}/v1"
    lines = "".join(json.dumps(asked) + "\n" for _, _, asked in wanted)
    run = subprocess.run([programs.EXAMPLES / "code"], input=lines.encode(), stdout=subprocess.PIPE)
    if run.returncode != 0:
        raise SystemExit("the example `code` failed")
    answers = run.stdout.decode().split("\n")
    return [Case(number, *case, json.loads(answers[number])) for number, case in enumerate(wanted)]


def main():
    recorder = Recorder(os.environ["PRACTICE_URL"])
    all_cases = written(recorder)
    os.environ[VARIABLE] = KEY
    outcomes = Counter()
    for language, run in RUNNERS.items():
        with_code = {it.id: it for it in all_cases if it.snippets[language]["code"]}
        recorder.held = {it.id: threading.Event() for it in all_cases if it.is_held}
        codes = {it.id: it.snippets[language]["code"] for it in with_code.values()}
        results = run(codes, lambda name: recorder.held.get(name, threading.Event()).set())
        arrived = recorder.take()
        failed = 0
        for name, case in with_code.items():
            problem = case.problem(language, *results[name], arrived[name])
            if problem or KEY in case.snippets[language]["code"]:
                failed += 1
                print(f"{language:<18}{case.title:<50}FAILED: {problem}", flush=True)
        without = Counter(it.snippets[language]["reason"] for it in all_cases if it.id not in with_code)
        for reason, count in without.items():
            print(f"{language:<18}{count} without a snippet: {reason}")
        outcomes.update(passed=len(with_code) - failed, failed=failed)
        print(f"{language:<18}{len(with_code)} snippets, {failed} failed", flush=True)
    passed, failed = outcomes["passed"], outcomes["failed"]
    result = "FAILED" if failed else "ok"
    print(f"test result: {result}. {passed} passed; {failed} failed; 0 ignored")
    sys.exit(1 if failed else 0)


main()
