"""The openai package: Chat Completions, Responses, models."""

import openai
from report import COUNTED, ORIGIN, QUESTION, TEXT, Report, fault, fault_once, same

STATUSES = {
    400: openai.BadRequestError,
    401: openai.AuthenticationError,
    403: openai.PermissionDeniedError,
    404: openai.NotFoundError,
    429: openai.RateLimitError,
    500: openai.InternalServerError,
    503: openai.InternalServerError,
    529: openai.InternalServerError,
}


def client(**options):
    return openai.OpenAI(**{"base_url": f"{ORIGIN}/v1", "api_key": "practice", **options})


def chat(client=client(), text=TEXT, **options):
    messages = [{"role": "user", "content": text}]
    options = {"model": "practice-1", "messages": messages, **options}
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
    messages = [{"role": "user", "content": TEXT}]
    with client().chat.completions.stream(model="practice-1", messages=messages) as stream:
        same(stream.get_final_completion().choices[0].message.content, COUNTED)


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


def responses_limited():
    reply = respond(max_output_tokens=4)
    same((reply.status, reply.incomplete_details.reason), ("incomplete", "max_output_tokens"))


def responses_counted():
    count = client().responses.input_tokens.count(model="practice-1", input=QUESTION)
    same(count.input_tokens, respond(text=QUESTION, max_output_tokens=1).usage.input_tokens)


def models():
    same([model.id for model in client().models.list()], ["practice-1"])
    same(client().models.retrieve("practice-1").id, "practice-1")


def chat_retried():
    messages = [{"role": "user", "content": TEXT}]
    raw = client().chat.completions.with_raw_response
    reply = raw.create(model="practice-1", messages=messages, extra_headers=fault_once())
    same((reply.retries_taken, reply.parse().usage.total_tokens), (1, 36))


def responses_retried():
    header = fault_once(503)
    raw = client().responses.with_raw_response
    reply = raw.create(model="practice-1", input=TEXT, extra_headers=header)
    same((reply.retries_taken, reply.parse().usage.total_tokens), (1, 36))


def checks():
    report = Report("openai")
    for run in [
        chat_whole,
        chat_streamed,
        chat_helper,
        chat_options,
        chat_retried,
        responses_whole,
        responses_streamed,
        responses_helper,
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
