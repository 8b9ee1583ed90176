"""The anthropic package: messages, counts, models."""

import anthropic
from httpx2 import RemoteProtocolError
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
    400: anthropic.BadRequestError,
    401: anthropic.AuthenticationError,
    402: anthropic.PaymentRequiredError,
    403: anthropic.PermissionDeniedError,
    404: anthropic.NotFoundError,
    409: anthropic.ConflictError,
    413: anthropic.ContentTooLargeError,
    422: anthropic.UnprocessableEntityError,
    429: anthropic.RateLimitError,
    500: anthropic.InternalServerError,
    502: anthropic.InternalServerError,
    503: anthropic.ServiceUnavailableError,
    504: anthropic.GatewayTimeoutError,
    529: anthropic.OverloadedError,
}

MESSAGES = [{"role": "user", "content": TEXT}]
ASKED = {"model": "practice-1", "max_tokens": 100, "messages": MESSAGES}


class Shape(BaseModel):
    """What a reply is asked to look like."""

    words: str
    count: int


OLDER = {"anthropic-version": "2023-06-01"}


def client(**options):
    return anthropic.Anthropic(**{"base_url": ORIGIN, "api_key": "practice", **options})


def create(client=client(), text=TEXT, **options):
    messages = [{"role": "user", "content": text}]
    options = {"model": "practice-1", "max_tokens": 100, "messages": messages, **options}
    return client.messages.create(**options)


def whole():
    reply = create()
    same((reply.content[0].text, reply.stop_reason), (COUNTED, "end_turn"))
    same((reply.usage.input_tokens, reply.usage.output_tokens), (11, 25))


def streamed():
    with client().messages.stream(**ASKED) as stream:
        same("".join(stream.text_stream), COUNTED)
        usage = stream.get_final_message().usage
    same((usage.input_tokens, usage.output_tokens), (11, 25))


async def streamed_async():
    patient = anthropic.AsyncAnthropic(base_url=ORIGIN, api_key="practice")
    async with patient.messages.stream(**ASKED, extra_headers=fault_twice()) as stream:
        same("".join([text async for text in stream.text_stream]), COUNTED)
        same((await stream.get_final_message()).stop_reason, "end_turn")


def raw():
    raw = client().messages.with_raw_response.create(**ASKED)
    same(raw.headers["request-id"], raw.parse()._request_id)
    same(int(raw.headers["anthropic-ratelimit-requests-remaining"]) > 0, True)


def parsed():
    same(client().messages.parse(**ASKED, output_format=Shape).parsed_output.words, COUNTED)


def tools():
    tool = {"name": "f", "description": "", "input_schema": {"type": "object"}}
    same(create(tools=[tool], tool_choice={"type": "auto"}).content[0].text, COUNTED)


def gone_on():
    messages = [*MESSAGES, {"role": "assistant", "content": create().content}, *MESSAGES]
    same(create(messages=messages).content[0].text, COUNTED)


def events():
    kinds = [event.type for event in create(stream=True)]
    same((kinds[0], kinds[1]), ("message_start", "content_block_start"))
    same(kinds[-3:], ["content_block_stop", "message_delta", "message_stop"])


def stop_sequence():
    reply = create(stop_sequences=[", 4"])
    same((reply.content[0].text, reply.stop_sequence), ("1, 2, 3", ", 4"))


def prefilled():
    messages = [{"role": "user", "content": TEXT}, {"role": "assistant", "content": "1, 2, 3"}]
    same(create(messages=messages).content[0].text, ", 4, 5, 6, 7, 8, 9")


def counted():
    messages = [{"role": "user", "content": QUESTION}]
    count = client().messages.count_tokens(model="practice-1", messages=messages)
    same(count.input_tokens, create(text=QUESTION).usage.input_tokens)


def models():
    same([model.id for model in client().models.list(limit=1)], [*MODELS])
    same(client().models.retrieve("practice-1").display_name, "Practice 1")


def older_version():
    reply = create(client(default_headers=OLDER), extra_body={"temperature": 0.5})
    same(reply.content[0].text, COUNTED)


def retried():
    reply = client().messages.with_raw_response.create(**ASKED, extra_headers=fault_twice())
    same((reply.retries_taken, reply.parse().content[0].text), (2, COUNTED))


def checks():
    report = Report("anthropic")
    for run in [
        whole,
        streamed,
        awaited(streamed_async),
        raw,
        parsed,
        tools,
        gone_on,
        events,
        stop_sequence,
        prefilled,
        counted,
        models,
    ]:
        report.check(run.__name__.replace("_", " "), run)
    report.check("temperature under 2023-06-01", older_version)
    report.raises(
        "temperature under the newest version",
        anthropic.BadRequestError,
        lambda: create(extra_body={"temperature": 1}),
        status_code=400,
    )
    impatient = client(max_retries=0)
    for status, kind in STATUSES.items():
        header = fault(f"status={status}")
        report.raises(
            f"{status} is {kind.__name__}",
            kind,
            lambda: create(impatient, extra_headers=header),
            status_code=status,
        )
    report.raises(
        "no credit",
        anthropic.EnforcedSpendLimitReachedError,
        lambda: create(impatient, extra_headers=fault("code=insufficient_quota")),
    )
    report.raises(
        "a page of a proxy",
        anthropic.InternalServerError,
        lambda: create(impatient, extra_headers=fault("html")),
        status_code=502,
    )
    report.raises(
        "slow headers",
        anthropic.APITimeoutError,
        lambda: create(impatient, timeout=0.3, extra_headers=fault("slow_headers=20s")),
    )
    report.check("retries after a 429", retried)
    report.raises("a wrong key", anthropic.AuthenticationError, lambda: create(client(api_key="x")))
    bearer = client(api_key=None, auth_token="practice")
    report.check("a key as bearer token", lambda: create(bearer))
    report.raises("an unknown model", anthropic.NotFoundError, lambda: create(model="claude-x"))
    report.raises(
        "an error in the stream",
        anthropic.APIStatusError,
        lambda: list(create(stream=True, extra_headers=fault("in_stream_error"))),
    )
    report.raises(
        "a broken stream",
        RemoteProtocolError,
        lambda: list(create(stream=True, extra_headers=fault("cut=9"))),
    )
