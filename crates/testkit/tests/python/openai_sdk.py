"""The official OpenAI SDK against the provider simulator.

Usage: openai_sdk.py BASE_URL

The simulator answers by the request's metadata: `fault` names a fault for every request, `once`
one for the first request of the student. Answers and events are also validated against the SDK's
own types, which the SDK itself does not do.
"""

import base64
import sys

import openai
import pydantic
from openai.types.responses import Response, ResponseStreamEvent

from cases import png, raises, run

MODEL = "sim-vision"


class ContentAnalysis(pydantic.BaseModel):
    isStudying: bool
    isActive: bool
    isDistracted: bool
    topic: str
    subtopic: str
    extractedText: str


class Answer(pydantic.BaseModel):
    contentAnalysis: ContentAnalysis


def photo(data=None):
    """One user message with a picture."""
    encoded = base64.b64encode(png(640, 480) if data is None else data).decode()
    image = {
        "type": "input_image",
        "image_url": f"data:image/png;base64,{encoded}",
        "detail": "high",
    }
    text = {"type": "input_text", "text": "What is there to study?"}
    return [{"role": "user", "content": [text, image]}]


def ask(client, student, **options):
    options.setdefault("input", photo())
    return client.responses.create(model=MODEL, safety_identifier=student, **options)


def create_answers_in_the_sdks_types(client):
    raw = client.responses.with_raw_response.create(model=MODEL, input=photo())
    body = raw.http_response.json()
    response = pydantic.TypeAdapter(Response).validate_python(body)
    assert response.status == "completed" and raw.parse().output_text
    assert raw.headers["x-request-id"].startswith("req_")
    assert raw.headers["x-ratelimit-remaining-requests"].isdigit()
    assert raw.headers["x-ratelimit-reset-tokens"].endswith("ms")


def images_are_counted(client):
    usage = ask(client, "count").usage
    # 640 × 480 is 20 × 15 patches at 1.2 tokens, and the question is short.
    assert 360 < usage.input_tokens < 375, usage
    assert usage.total_tokens == usage.input_tokens + usage.output_tokens


def parse_fills_a_pydantic_model(client):
    response = client.responses.parse(model=MODEL, input=photo(), text_format=Answer)
    assert response.output_parsed.contentAnalysis.topic
    again = client.responses.parse(model=MODEL, input=photo(), text_format=Answer)
    assert again.output_parsed == response.output_parsed


def a_reasoning_item_may_come_first(client):
    response = ask(client, "reasoning", metadata={"reasoning": "yes"})
    assert [item.type for item in response.output] == ["reasoning", "message"]
    assert response.output_text
    assert response.usage.output_tokens_details.reasoning_tokens > 0


def streams_arrive_event_by_event(client):
    kinds, text = [], ""
    for event in ask(client, "stream", stream=True):
        raw = event.model_dump(mode="json", exclude_unset=True)
        pydantic.TypeAdapter(ResponseStreamEvent).validate_python(raw)
        kinds.append(event.type)
        if event.type == "response.output_text.delta":
            text += event.delta
    assert kinds[:2] == ["response.created", "response.in_progress"], kinds
    assert kinds[-1] == "response.completed", kinds
    assert event.response.output_text == text
    assert event.sequence_number == len(kinds) - 1


def the_stream_helper_parses(client):
    with client.responses.stream(model=MODEL, input=photo(), text_format=Answer) as stream:
        for _ in stream:
            pass
        final = stream.get_final_response()
    assert final.output_parsed.contentAnalysis.extractedText


def refusals_have_no_text(client):
    response = ask(client, "refusal", metadata={"fault": "refusal"})
    assert response.status == "completed" and response.output_text == ""
    assert response.output[0].content[0].type == "refusal"
    events = ask(client, "refusal", metadata={"fault": "refusal"}, stream=True)
    assert "response.refusal.delta" in [event.type for event in events]


def incomplete_answers_say_why(client):
    response = ask(client, "incomplete", metadata={"fault": "incomplete"})
    assert response.status == "incomplete"
    assert response.incomplete_details.reason == "max_output_tokens"
    raises(
        pydantic.ValidationError,
        lambda: client.responses.parse(
            model=MODEL, input=photo(), text_format=Answer, metadata={"fault": "incomplete"}
        ),
    )
    *_, last = ask(client, "incomplete", metadata={"fault": "incomplete"}, stream=True)
    assert last.type == "response.incomplete"


def failed_answers_carry_an_error(client):
    response = ask(client, "failed", metadata={"fault": "failed"})
    assert response.status == "failed" and response.error.code == "server_error"
    *_, last = ask(client, "failed", metadata={"fault": "failed"}, stream=True)
    assert last.type == "response.failed"


def a_stream_may_end_in_an_error(client):
    *_, last = ask(client, "error", metadata={"fault": "stream_error"}, stream=True)
    assert last.type == "error" and last.code == "server_error"


def a_stream_may_break(client):
    stream = ask(client, "break", metadata={"fault": "stream_cut"}, stream=True)
    raises(Exception, lambda: list(stream))


def passing_faults_are_retried_by_the_sdk(client):
    for fault in ["rate_limit", "server_error", "overloaded", "cut_connection", "cut_body"]:
        response = ask(client, f"retry-{fault}", metadata={"once": fault})
        assert response.status == "completed", fault


def lasting_rate_limits_are_rate_limit_errors(client):
    client = client.with_options(max_retries=0)
    error = raises(
        openai.RateLimitError, lambda: ask(client, "limit", metadata={"fault": "rate_limit"})
    )
    assert error.code == "rate_limit_exceeded"
    assert error.response.headers["retry-after-ms"] == "1"


def quota_errors_are_told_apart(client):
    client = client.with_options(max_retries=0)
    error = raises(openai.RateLimitError, lambda: ask(client, "q", metadata={"fault": "quota"}))
    assert error.type == "insufficient_quota" and error.code == "insufficient_quota"


def statuses_become_the_sdks_errors(client):
    client = client.with_options(max_retries=0)
    for fault, kind in [
        ("server_error", openai.InternalServerError),
        ("forbidden", openai.PermissionDeniedError),
        ("invalid_key", openai.AuthenticationError),
        ("model_not_found", openai.NotFoundError),
        ("image_refused", openai.BadRequestError),
        ("cut_connection", openai.APIConnectionError),
    ]:
        raises(kind, lambda: ask(client, fault, metadata={"fault": fault}))


def silence_is_a_timeout(client):
    client = client.with_options(max_retries=0, timeout=0.5)
    raises(openai.APITimeoutError, lambda: ask(client, "hang", metadata={"fault": "hang"}))


def wrong_keys_are_refused(client):
    client = client.with_options(api_key="sk-wrong")
    error = raises(openai.AuthenticationError, client.models.list)
    assert error.code == "invalid_api_key"


def loose_schemas_are_refused(client):
    schema = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
    text = {"format": {"type": "json_schema", "name": "loose", "strict": True, "schema": schema}}
    error = raises(openai.BadRequestError, lambda: ask(client, "loose", text=text))
    assert error.code == "invalid_json_schema" and error.param == "text.format.schema"
    assert "additionalProperties" in error.message


def bad_images_are_refused(client):
    bad = {b"no image": "invalid_image_format", png(9, 9)[:40]: "image_parse_error", b"": "empty_image_file"}
    for data, code in bad.items():
        error = raises(openai.BadRequestError, lambda: ask(client, "bad", input=photo(data)))
        assert error.code == code, error
        assert error.param == "input[0].content[1].image_url"


def links_lead_nowhere_outside(client):
    part = {"type": "input_image", "image_url": "https://example.org/x.jpg", "detail": "auto"}
    message = [{"role": "user", "content": [part]}]
    error = raises(openai.BadRequestError, lambda: ask(client, "link", input=message))
    assert error.code == "failed_to_download_image"


def unknown_parameters_are_refused(client):
    error = raises(
        openai.BadRequestError, lambda: ask(client, "x", extra_body={"contentAnalysis": True})
    )
    assert error.code == "unknown_parameter"


def models_are_listed(client):
    names = [model.id for model in client.models.list()]
    assert MODEL in names
    assert client.models.retrieve(MODEL).object == "model"
    raises(openai.NotFoundError, lambda: client.models.retrieve("no-such-model"))


CASES = [
    create_answers_in_the_sdks_types,
    images_are_counted,
    parse_fills_a_pydantic_model,
    a_reasoning_item_may_come_first,
    streams_arrive_event_by_event,
    the_stream_helper_parses,
    refusals_have_no_text,
    incomplete_answers_say_why,
    failed_answers_carry_an_error,
    a_stream_may_end_in_an_error,
    a_stream_may_break,
    passing_faults_are_retried_by_the_sdk,
    lasting_rate_limits_are_rate_limit_errors,
    quota_errors_are_told_apart,
    statuses_become_the_sdks_errors,
    silence_is_a_timeout,
    wrong_keys_are_refused,
    loose_schemas_are_refused,
    bad_images_are_refused,
    links_lead_nowhere_outside,
    unknown_parameters_are_refused,
    models_are_listed,
]


if __name__ == "__main__":
    client = openai.OpenAI(base_url=sys.argv[1], api_key="sk-right", timeout=30)
    run(CASES, client)
