"""The calls that every snippet is held to: for each, a line for the example `code`."""

import json
from pathlib import Path

DIALECTS = ["openai-chat", "openai-responses", "anthropic", "gemini", "ollama"]
REQUESTS = Path(__file__).resolve().parents[2] / "requests"

# What would break out of a literal if anything could.
HOSTILE = [
    "'; echo broken #",
    "$(echo broken) `echo broken` $HOME ${HOME} !!",
    "\"\"\" + print('broken') + r\"\"\"",
    "`${console.log('broken')}` ${process.exit(3)}",
    '"#; fn broken() {} r#"',
    "{key} {0} %s %body% \\ \\\\ \\n \\u0041 \\",
    "größer 你好 👩‍🚀",
    "a\r\n\tb\x00\x07\x1b[31m\x7f\x85",
    "\u2028\u2029\ufeff\u202etxt.exe\u2066",
]
SCHEMA = {
    "type": "object",
    "properties": {"words": {"type": "string"}, "count": {"type": "integer"}},
    "required": ["words", "count"],
    "additionalProperties": False,
}
ASKED = [{"role": "user", "text": "count to 9"}]
TALK = [
    {"role": "system", "text": "Be brief."},
    {"role": "user", "text": "Why is the sky blue?"},
    {"role": "assistant", "text": "Air scatters blue light most."},
    {"role": "user", "text": "Now count to 9."},
]
HOSTILE_TALK = [
    {"role": "system", "text": "\n".join(HOSTILE)},
    *[{"role": role, "text": text} for text in HOSTILE for role in ["user", "assistant"]],
    {"role": "user", "text": "count to 9"},
]


def shared():
    """What every format is asked, as messages and parameters."""
    yield "plain", ASKED, {}
    yield "conversation", TALK, {}
    yield "hostile", HOSTILE_TALK, {}
    yield "hostile stop", ASKED, {"stop": ["\n'\"`\\${}\u2028", ", 4"]}
    yield "long", [{"role": "user", "text": "word " * 24_000}], {}
    yield "many tokens", ASKED, {"max_tokens": 30_000}
    shape = {"type": "json_schema", "name": "shape", "schema": SCHEMA}
    yield "schema", ASKED, {"response_format": shape}
    yield "several", ASKED, {"n": 2}
    yield "seed", ASKED, {"seed": 2**53 - 1, "temperature": 1.0, "top_p": 0.123456789012345}
    yield "huge seed", ASKED, {"seed": 2**63 - 1}


def listed(dialect):
    """Every parameter of a format under its name, from the list of requests."""
    for number, entry in enumerate(json.loads((REQUESTS / f"{dialect}.json").read_text())):
        yield f"list {number}", TALK, entry["parameters"]


def by_hand(dialect):
    """Bodies that somebody wrote, which no control would write."""
    turns = '"contents":[{"parts":[{"text":"count to 9"}]}]'
    if dialect == "openai-responses":
        turns = '"input":"count to 9"'
    elif dialect != "gemini":
        turns = '"messages":[{"role":"user","content":"count to 9"}]'
    fields = '"model":"practice-1","max_tokens":50' if dialect == "anthropic" else '"model":"practice-1"'
    fields = f'{{{fields},{turns},"stream":true' if dialect != "gemini" else f"{{{turns}"
    yield "by hand", fields + ',"no_such_field":[null,{"a b":1e-7,"__proto__":{"x":-0.5}}]}'
    yield "crowded", "\n " + fields.replace(",", " ,\r\n\t", 1) + "}\r\n\n"
    yield "no JSON", "{'single': \"quotes\" \"\"\" `${1}` \"# \\"
    yield "no object", '["a list"]'
    yield "half a pair", fields + r',"no_such_field":"\ud83d \u0000 \u2028"}'
    yield "nothing", ""
    yield "bare", "{}"
    if dialect == "gemini":
        yield "empty configuration", fields + ',"generationConfig":{}}'


def asked(dialect, stream):
    """What a format is asked, as name, messages, parameters and whatever else is to be said."""
    for name, messages, parameters in shared():
        yield name, messages, {**parameters, "stream": stream}, {}
    plain = {"stream": stream}
    yield "practice", ASKED, plain, {"provider": "practice"}
    yield "no key", ASKED, plain, {"has_key": False}
    yield "refused", ASKED, plain, {"model": "practice-1:status=400"}
    if stream:
        for name, messages, parameters in listed(dialect):
            yield name, messages, {**parameters, "stream": True}, {}
        for name, body in by_hand(dialect):
            yield name, ASKED, plain, {"body": body}


def cases():
    """Each case as its name, its dialect, and what the example `code` is asked."""
    base = {"model": "practice-1", "provider": "custom", "has_key": True}
    for dialect in DIALECTS:
        for stream in [True, False]:
            for name, messages, parameters, more in asked(dialect, stream):
                said = {"messages": messages, "parameters": parameters}
                yield name, dialect, {**base, "dialect": dialect, **said, **more}
