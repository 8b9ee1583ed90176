"""The ollama package: chat, models."""

import ollama
from pydantic import BaseModel
from report import COUNTED, MODELS, ORIGIN, TEXT, Report, awaited, fault, fault_twice, same

STATUSES = [400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504, 529]


class Shape(BaseModel):
    """What a reply is asked to look like."""

    words: str
    count: int


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


async def asynchronous():
    client = ollama.AsyncClient(host=ORIGIN)
    messages = [{"role": "user", "content": TEXT}]
    stream = await client.chat(model="practice-1", messages=messages, stream=True)
    same("".join([chunk.message.content async for chunk in stream]), COUNTED)


def generated():
    client = ollama.Client(host=ORIGIN)
    reply = client.generate(model="practice-1", prompt=TEXT)
    same((reply.response, reply.prompt_eval_count, reply.eval_count), (COUNTED, 11, 25))
    chunks = client.generate(model="practice-1", prompt=TEXT, stream=True)
    same("".join(chunk.response for chunk in chunks), COUNTED)


def parsed():
    reply = chat(format=Shape.model_json_schema())
    same(Shape.model_validate_json(reply.message.content).words, COUNTED)


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
    same([model.model for model in client.list().models], [f"{id}:latest" for id in MODELS])
    for id, window in MODELS.items():
        same(client.show(id).modelinfo["practice.context_length"], window)
    same(client.ps().models[0].model, "practice-1:latest")


def retried():
    """The client does not retry by itself."""
    header = fault_twice(503)
    for _ in range(2):
        try:
            chat(headers=header)
        except ollama.ResponseError:
            continue
        raise AssertionError("the call did not fail")
    same(chat(headers=header).message.content, COUNTED)


def checks():
    report = Report("ollama")
    for run in [
        whole,
        streamed,
        awaited(asynchronous),
        generated,
        parsed,
        options,
        prefilled,
        models,
        retried,
    ]:
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
        "embeddings",
        ollama.ResponseError,
        lambda: ollama.Client(host=ORIGIN).embed(model="practice-1", input=TEXT),
        status_code=501,
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
