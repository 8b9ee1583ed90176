"""The google-genai package: content, counts, models."""

from google import genai
from google.genai import errors, types
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

STATUSES = [400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504, 529]


class Shape(BaseModel):
    """What a reply is asked to look like."""

    words: str
    count: int


def client(key="practice", **options):
    return genai.Client(
        api_key=key, http_options=types.HttpOptions(base_url=ORIGIN, **options)
    )


# A client that nobody holds any more closes its connections.
CLIENT = client()


def generate(client=CLIENT, text=TEXT, model="practice-1", stream=False, **config):
    models = client.models
    run = models.generate_content_stream if stream else models.generate_content
    return run(model=model, contents=text, config=types.GenerateContentConfig(**config))


def failing(text):
    return types.HttpOptions(headers=fault(text))


def whole():
    reply = generate()
    same((reply.text, reply.candidates[0].finish_reason.name), (COUNTED, "STOP"))
    usage = reply.usage_metadata
    same((usage.prompt_token_count, usage.candidates_token_count), (11, 25))


def streamed():
    chunks = list(generate(stream=True))
    same("".join(chunk.text or "" for chunk in chunks), COUNTED)
    same(chunks[-1].usage_metadata.total_token_count, 36)


def chat():
    chat = CLIENT.chats.create(model="practice-1")
    same(chat.send_message(TEXT).text, COUNTED)
    same("".join(chunk.text for chunk in chat.send_message_stream(TEXT)), COUNTED)
    same(chat.send_message(TEXT).usage_metadata.prompt_token_count > 60, True)


async def asynchronous():
    models = CLIENT.aio.models
    asked = {"model": "practice-1", "contents": TEXT}
    same((await models.generate_content(**asked)).text, COUNTED)
    stream = await models.generate_content_stream(**asked)
    same("".join([chunk.text or "" async for chunk in stream]), COUNTED)


def parsed():
    asked = {"response_mime_type": "application/json"}
    same(generate(**asked, response_schema=Shape).parsed.words, COUNTED)
    same(generate(**asked, response_schema=list[Shape]).parsed[0].count, 1)
    same(generate(**asked, response_json_schema=Shape.model_json_schema()).parsed["count"], 1)


def tools():
    function = types.FunctionDeclaration(name="f", description="")
    same(generate(tools=[types.Tool(function_declarations=[function])]).text, COUNTED)


def beta():
    same(generate(client(api_version="v1beta")).text, COUNTED)


def options():
    reply = generate(
        candidate_count=2,
        stop_sequences=[", 4"],
        temperature=0.5,
        max_output_tokens=20,
        response_logprobs=True,
        logprobs=1,
        system_instruction="Be brief.",
    )
    texts = [candidate.content.parts[0].text for candidate in reply.candidates]
    same(texts, ["1, 2, 3"] * 2)
    chosen = reply.candidates[0].logprobs_result.chosen_candidates
    same("".join(token.token for token in chosen), "1, 2, 3")


def counted():
    count = CLIENT.models.count_tokens(model="practice-1", contents=QUESTION)
    same(count.total_tokens, generate(text=QUESTION).usage_metadata.prompt_token_count)


def models():
    listed = CLIENT.models.list(config={"page_size": 1})
    limits = {model.name: model.input_token_limit for model in listed}
    same(limits, {f"models/{id}": window for id, window in MODELS.items()})
    same(CLIENT.models.get(model="practice-1").display_name, "Practice 1")


def retried():
    patient = types.HttpRetryOptions(attempts=3, initial_delay=0.05, jitter=0)
    headers = fault_twice(503)
    options = types.HttpOptions(headers=headers, retry_options=patient)
    same(generate(http_options=options).text, COUNTED)
    # It failed twice, or it would fail now.
    same(generate(http_options=types.HttpOptions(headers=headers)).text, COUNTED)


def by_model():
    same(generate(model="practice-1:slow_headers=10ms").text, COUNTED)


def checks():
    report = Report("google-genai")
    for run in [
        whole,
        streamed,
        chat,
        awaited(asynchronous),
        parsed,
        tools,
        beta,
        options,
        counted,
        models,
    ]:
        report.check(run.__name__, run)
    for status in STATUSES:
        kind = errors.ClientError if status < 500 else errors.ServerError
        options_ = failing(f"status={status}")
        report.raises(
            f"{status} is {kind.__name__}",
            kind,
            lambda: generate(http_options=options_),
            code=status,
        )
    report.check("retries after a 503", retried)
    report.check("faults behind the model", by_model)
    report.raises(
        "a wrong key",
        errors.ClientError,
        lambda: generate(client("AIza-wrong")),
        code=400,
        status="INVALID_ARGUMENT",
    )
    report.raises(
        "an unknown model",
        errors.ClientError,
        lambda: generate(model="gemini-x"),
        code=404,
        status="NOT_FOUND",
    )
    report.raises(
        "an error in the stream",
        errors.ServerError,
        lambda: list(generate(stream=True, http_options=failing("in_stream_error"))),
        code=503,
        status="UNAVAILABLE",
    )
