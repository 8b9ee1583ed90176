"""The openai package: Chat Completions, Responses, models."""

import openai
from pydantic import BaseModel
from report import (
    COUNTED,
    MODELS,
    ORIGIN,
    QUESTION,
    TEXT,
    Report,
    awaited,
    fault,
    fault_twice,
    same,
)

STATUSES = {
    400: openai.BadRequestError,
    401: openai.AuthenticationError,
    402: openai.APIStatusError,
    403: openai.PermissionDeniedError,
    404: openai.NotFoundError,
    409: openai.ConflictError,
    413: openai.APIStatusError,
    422: openai.UnprocessableEntityError,
    429: openai.RateLimitError,
    500: openai.InternalServerError,
    502: openai.InternalServerError,
    503: openai.InternalServerError,
    504: openai.InternalServerError,
    529: openai.InternalServerError,
}

MESSAGES = [{"role": "user", "content": TEXT}]


class Shape(BaseModel):
    """What a reply is asked to look like."""

    words: str
    count: int
    tags: list[str]


def client(**options):
    return openai.OpenAI(**{"base_url": f"{ORIGIN}/v1", "api_key": "practice", **options})


def chat(client=client(), **options):
    options = {"model": "practice-1", "messages": MESSAGES, **options}
    return client.chat.completions.create(**options)


def respond(client=client(), text=TEXT, **options):
    return client.responses.create(**{"model": "practice-1", "input": text, **options})


def chat_whole():
    reply = chat()
    same(reply.choices[0].message.content, COUNTED)
    same(reply.choices[0].finish_reason, "stop")
    same((reply.usage.prompt_tokens, reply.usage.completion_tokens), (11, 25))


def chat_streamed():
    chunks = list(chat(stream=True, stream_options={"include_usage": True}))
    same("".join(c.choices[0].delta.content or "" for c in chunks if c.choices), COUNTED)
    same(chunks[-1].usage.total_tokens, 36)


def chat_helper():
    asked = {"model": "practice-1", "messages": MESSAGES, "n": 2, "logprobs": True}
    with client().chat.completions.stream(**asked) as stream:
        choices = stream.get_final_completion().choices
    same([choice.message.content for choice in choices], [COUNTED] * 2)
    same(len(choices[1].logprobs.content), 25)


def chat_parsed():
    asked = {"model": "practice-1", "messages": MESSAGES, "response_format": Shape}
    reply = client().chat.completions.parse(**asked)
    same(reply.choices[0].message.parsed.words, COUNTED)
    with client().chat.completions.stream(**asked) as stream:
        same(stream.get_final_completion().choices[0].message.parsed.count, 1)


def chat_tools():
    tools = [{"type": "function", "function": {"name": "f", "parameters": {}}}]
    same(chat(tools=tools).choices[0].message.content, COUNTED)


async def chat_async():
    patient = openai.AsyncOpenAI(base_url=f"{ORIGIN}/v1", api_key="practice")
    stream = await patient.chat.completions.create(
        model="practice-1", messages=MESSAGES, stream=True, extra_headers=fault_twice()
    )
    same("".join([chunk.choices[0].delta.content or "" async for chunk in stream]), COUNTED)


def chat_raw():
    raw = client().chat.completions.with_raw_response.create(model="practice-1", messages=MESSAGES)
    same(raw.headers["x-request-id"], raw.parse()._request_id)
    same(int(raw.headers["x-ratelimit-remaining-requests"]) > 0, True)
    streaming = client().chat.completions.with_streaming_response
    with streaming.create(model="practice-1", messages=MESSAGES, stream=True) as response:
        lines = [line for line in response.iter_lines() if line]
    same(lines[-1], "data: [DONE]")


def chat_options():
    reply = chat(n=2, stop=", 4", logprobs=True, top_logprobs=1, max_completion_tokens=20)
    same([choice.message.content for choice in reply.choices], ["1, 2, 3"] * 2)
    tokens = reply.choices[1].logprobs.content
    same("".join(token.token for token in tokens), "1, 2, 3")
    same((tokens[0].logprob, tokens[0].top_logprobs[0].token), (0.0, "1"))


def responses_whole():
    reply = respond()
    same((reply.output_text, reply.status), (COUNTED, "completed"))
    same((reply.usage.input_tokens, reply.usage.output_tokens), (11, 25))


def responses_streamed():
    events = list(respond(stream=True))
    same([event.sequence_number for event in events], list(range(len(events))))
    deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
    same("".join(deltas), COUNTED)
    same(events[-1].response.output_text, COUNTED)


def responses_helper():
    with client().responses.stream(model="practice-1", input=TEXT) as stream:
        same(stream.get_final_response().output_text, COUNTED)


def responses_parsed():
    asked = {"model": "practice-1", "input": TEXT, "text_format": Shape}
    same(client().responses.parse(**asked).output_parsed.words, COUNTED)


def responses_tools():
    same(respond(tools=[{"type": "function", "name": "f", "parameters": {}}]).output_text, COUNTED)


def responses_gone_on():
    first = respond(instructions="Be brief.")
    second = respond(text=QUESTION, previous_response_id=first.id)
    turns = [{"role": "user", "content": TEXT}, *first.output, {"role": "user", "content": QUESTION}]
    same(second.usage.input_tokens, respond(text=turns).usage.input_tokens)
    same(client().responses.retrieve(first.id).output_text, COUNTED)
    client().responses.delete(first.id)


async def responses_async():
    patient = openai.AsyncOpenAI(base_url=f"{ORIGIN}/v1", api_key="practice")
    async with patient.responses.stream(model="practice-1", input=TEXT) as stream:
        same((await stream.get_final_response()).output_text, COUNTED)


def responses_limited():
    reply = respond(max_output_tokens=4)
    same((reply.status, reply.incomplete_details.reason), ("incomplete", "max_output_tokens"))


def responses_counted():
    count = client().responses.input_tokens.count(model="practice-1", input=QUESTION)
    same(count.input_tokens, respond(text=QUESTION, max_output_tokens=1).usage.input_tokens)


def models():
    ids = [model.id for model in client().models.list()]
    same(ids, [*MODELS])
    same(client().models.retrieve("practice-1").id, "practice-1")


def chat_retried():
    raw = client().chat.completions.with_raw_response
    reply = raw.create(model="practice-1", messages=MESSAGES, extra_headers=fault_twice())
    same((reply.retries_taken, reply.parse().usage.total_tokens), (2, 36))


def responses_retried():
    raw = client().responses.with_raw_response
    reply = raw.create(model="practice-1", input=TEXT, extra_headers=fault_twice(503))
    same((reply.retries_taken, reply.parse().usage.total_tokens), (2, 36))


def checks():
    report = Report("openai")
    for run in [
        chat_whole,
        chat_streamed,
        chat_helper,
        chat_parsed,
        chat_tools,
        awaited(chat_async),
        chat_raw,
        chat_options,
        chat_retried,
        responses_whole,
        responses_streamed,
        responses_helper,
        responses_parsed,
        responses_tools,
        responses_gone_on,
        awaited(responses_async),
        responses_limited,
        responses_counted,
        responses_retried,
    ]:
        report.check(run.__name__.replace("_", ": ", 1), run)
    report.check("models", models)
    for name, create in [("chat", chat), ("responses", respond)]:
        patient = client(max_retries=0)
        for status, kind in STATUSES.items():
            header = fault(f"status={status}")
            report.raises(
                f"{name}: {status} is {kind.__name__}",
                kind,
                lambda: create(patient, extra_headers=header),
                status_code=status,
            )
        report.raises(
            f"{name}: no credit",
            openai.RateLimitError,
            lambda: create(patient, extra_headers=fault("code=insufficient_quota")),
            code="insufficient_quota",
        )
        report.raises(
            f"{name}: a page of a proxy",
            openai.InternalServerError,
            lambda: create(patient, extra_headers=fault("html")),
            status_code=502,
        )
        for silence in ["slow_headers=20s", "stall=20s"]:
            report.raises(
                f"{name}: {silence}",
                openai.APITimeoutError,
                lambda: list(
                    create(patient, stream=True, timeout=0.3, extra_headers=fault(silence))
                ),
            )
        wrong = client(api_key="sk-wrong")
        report.raises(
            f"{name}: a wrong key",
            openai.AuthenticationError,
            lambda: create(wrong),
            code="invalid_api_key",
        )
        report.raises(
            f"{name}: an error in the stream",
            openai.APIError,
            lambda: list(create(stream=True, extra_headers=fault("in_stream_error"))),
            message="The server had an error while processing your request. Sorry about that!",
        )
        report.raises(
            f"{name}: a broken stream",
            openai.APIConnectionError,
            lambda: list(create(stream=True, extra_headers=fault("cut=9"))),
        )
    report.raises(
        "chat: an unknown model",
        openai.NotFoundError,
        lambda: chat(model="gpt-x"),
        code="model_not_found",
    )
