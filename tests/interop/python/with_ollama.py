"""The ollama package: chat, models."""

import ollama
from report import COUNTED, ORIGIN, TEXT, Report, fault, fault_once, same

STATUSES = [400, 401, 403, 404, 429, 500, 503, 529]


def chat(text=TEXT, headers=None, **options):
    client = ollama.Client(host=ORIGIN, headers=headers or {})
    messages = [{"role": "user", "content": text}]
    return client.chat(**{"model": "practice-1", "messages": messages, **options})


def whole():
    reply = chat()
    same((reply.message.content, reply.done_reason), (COUNTED, "stop"))
    same((reply.prompt_eval_count, reply.eval_count), (11, 25))
    same(reply.total_duration > 0, True)


def streamed():
    chunks = list(chat(stream=True))
    same("".join(chunk.message.content for chunk in chunks), COUNTED)
    same((chunks[-1].done, chunks[-1].eval_count), (True, 25))


def options():
    reply = chat(options={"num_predict": 4, "temperature": 0.5, "seed": 7})
    same((reply.message.content, reply.done_reason), ("1, 2", "length"))
    reply = chat(options={"stop": [", 4"]}, logprobs=True, top_logprobs=1)
    same("".join(token.token for token in reply.logprobs), "1, 2, 3")


def prefilled():
    messages = [{"role": "user", "content": TEXT}, {"role": "assistant", "content": "1, 2, 3"}]
    same(chat(messages=messages).message.content, ", 4, 5, 6, 7, 8, 9")


def models():
    client = ollama.Client(host=ORIGIN)
    same([model.model for model in client.list().models], ["practice-1:latest"])
    same(client.show("practice-1").modelinfo["practice.context_length"], 32768)
    same(client.ps().models[0].model, "practice-1:latest")


def retried():
    """The client does not retry by itself."""
    header = fault_once(503)
    try:
        chat(headers=header)
        raise AssertionError("the first call did not fail")
    except ollama.ResponseError:
        same(chat(headers=header).message.content, COUNTED)


def checks():
    report = Report("ollama")
    for run in [whole, streamed, options, prefilled, models, retried]:
        report.check(run.__name__, run)
    for status in STATUSES:
        header = fault(f"status={status}")
        report.raises(
            f"{status} is ResponseError",
            ollama.ResponseError,
            lambda: chat(headers=header),
            status_code=status,
        )
    report.raises(
        "an unknown model",
        ollama.ResponseError,
        lambda: chat(model="llama-x"),
        status_code=404,
        error="model 'llama-x' not found",
    )
    report.raises(
        "an error in the stream",
        ollama.ResponseError,
        lambda: list(chat(stream=True, headers=fault("in_stream_error"))),
        error="an error was encountered while running the model",
    )
