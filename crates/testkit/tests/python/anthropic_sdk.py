"""The official Anthropic SDK against the provider simulator.

Usage: anthropic_sdk.py BASE_URL

The simulator answers by the request's `metadata.user_id`: `fault:NAME` is a fault for every request,
`once:NAME` one for the first request of that student, `reasoning` puts thinking first. Answers are
also validated against the SDK's own types, which the SDK itself does not do.
"""

import base64
import json
import sys

import anthropic
import pydantic
from anthropic.types import Message

from cases import png, raises, run

MODEL = "sim-vision"
SCHEMA = {
    "type": "object",
    "properties": {
        "contentAnalysis": {
            "type": "object",
            "properties": {
                "isStudying": {"type": "boolean"},
                "topic": {"type": "string"},
                "extractedText": {"type": "string"},
            },
            "required": ["isStudying", "topic", "extractedText"],
            "additionalProperties": False,
        }
    },
    "required": ["contentAnalysis"],
    "additionalProperties": False,
}


def photo(data=None, media_type="image/png"):
    """One user message with a picture."""
    encoded = base64.b64encode(png(640, 480) if data is None else data).decode()
    source = {"type": "base64", "media_type": media_type, "data": encoded}
    return [
        {
            "role": "user",
            "content": [
                {"type": "image", "source": source},
                {"type": "text", "text": "What is there to study?"},
            ],
        }
    ]


def ask(client, student="plain", **options):
    options.setdefault("messages", photo())
    options.setdefault("max_tokens", 1024)
    return client.messages.create(model=MODEL, metadata={"user_id": student}, **options)


def create_answers_in_the_sdks_types(client):
    raw = client.messages.with_raw_response.create(
        model=MODEL, max_tokens=100, messages=photo()
    )
    body = raw.http_response.json()
    message = pydantic.TypeAdapter(Message).validate_python(body)
    assert message.stop_reason == "end_turn" and message.content[0].text
    assert raw.headers["request-id"].startswith("req_")


def images_are_counted(client):
    usage = ask(client).usage
    # 640 × 480 is 23 × 18 patches, and the question is short.
    assert 414 < usage.input_tokens < 425, usage
    assert usage.output_tokens > 0


def answers_fit_the_schema_asked_for(client):
    config = {"format": {"type": "json_schema", "schema": SCHEMA}}
    message = ask(client, output_config=config)
    content = json.loads(message.content[0].text)["contentAnalysis"]
    assert content["topic"] and content["isStudying"] is True


def thinking_may_come_first(client):
    message = ask(client, "reasoning")
    assert [block.type for block in message.content] == ["thinking", "text"]
    assert message.usage.output_tokens_details.thinking_tokens > 0


def streams_arrive_event_by_event(client):
    with client.messages.stream(
        model=MODEL, max_tokens=1024, messages=photo(), metadata={"user_id": "stream"}
    ) as stream:
        text = "".join(stream.text_stream)
        final = stream.get_final_message()
    assert text and final.content[0].text == text
    assert final.stop_reason == "end_turn" and final.usage.output_tokens > 1


def a_stream_may_end_in_an_error(client):
    raises(anthropic.APIStatusError, lambda: list(ask(client, "fault:stream_error", stream=True)))


def a_stream_may_break(client):
    raises(Exception, lambda: list(ask(client, "fault:stream_cut", stream=True)))


def refusals_have_no_text(client):
    message = ask(client, "fault:refusal")
    assert message.stop_reason == "refusal" and message.content == []
    assert message.stop_details.type == "refusal"


def incomplete_answers_say_why(client):
    assert ask(client, "fault:incomplete").stop_reason == "max_tokens"
    assert ask(client, max_tokens=2).stop_reason == "max_tokens"


def passing_faults_are_retried_by_the_sdk(client):
    for fault in ["rate_limit", "server_error", "overloaded", "cut_connection", "cut_body"]:
        message = ask(client, f"once:{fault}")
        assert message.stop_reason == "end_turn", fault


def statuses_become_the_sdks_errors(client):
    client = client.with_options(max_retries=0)
    for fault, kind, name in [
        ("server_error", anthropic.InternalServerError, "api_error"),
        ("overloaded", anthropic.OverloadedError, "overloaded_error"),
        ("rate_limit", anthropic.RateLimitError, "rate_limit_error"),
        ("forbidden", anthropic.PermissionDeniedError, "permission_error"),
        ("invalid_key", anthropic.AuthenticationError, "authentication_error"),
        ("model_not_found", anthropic.NotFoundError, "not_found_error"),
        ("image_refused", anthropic.BadRequestError, "invalid_request_error"),
    ]:
        error = raises(kind, lambda: ask(client, f"fault:{fault}"))
        assert error.type == name, error
    raises(anthropic.APIConnectionError, lambda: ask(client, "fault:cut_connection"))


def spent_accounts_are_told_apart(client):
    client = client.with_options(max_retries=0)
    error = raises(anthropic.RateLimitError, lambda: ask(client, "fault:quota"))
    assert error.error_code == "enforced_spend_limit_reached"


def silence_is_a_timeout(client):
    client = client.with_options(max_retries=0, timeout=0.5)
    raises(anthropic.APITimeoutError, lambda: ask(client, "fault:hang"))


def wrong_keys_are_refused(client):
    error = raises(anthropic.AuthenticationError, lambda: ask(client.with_options(api_key="wrong")))
    assert error.type == "authentication_error"


def the_key_may_be_a_bearer_token(client):
    bearer = anthropic.Anthropic(base_url=str(client.base_url), auth_token="sk-right")
    assert ask(bearer).content


def refused(client, words, **options):
    error = raises(anthropic.BadRequestError, lambda: ask(client, **options))
    assert words in error.api_message, error.api_message


def requests_are_checked(client):
    refused(client, "contentAnalysis: Extra inputs", extra_body={"contentAnalysis": True})
    refused(client, "temperature", extra_body={"temperature": 1.0})
    refused(client, "max_tokens: Field required", extra_body={"max_tokens": None})
    refused(client, "max_tokens", max_tokens=0)
    refused(client, "media_type: Input should be", messages=photo(media_type="image/bmp"))
    refused(client, "Could not process image", messages=photo(b"no image"))
    refused(client, "image cannot be empty", messages=photo(b""))
    refused(client, "Could not process image", messages=photo(png(9, 9)[:40]))
    refused(client, "at least one message", messages=[])
    loose = {"type": "object", "properties": {"a": {"type": "string"}}}
    config = {"format": {"type": "json_schema", "schema": loose}}
    refused(client, "additionalProperties", output_config=config)
    bounded = {"type": "integer", "minimum": 1}
    config = {"format": {"type": "json_schema", "schema": bounded}}
    refused(client, "'minimum' is not supported", output_config=config)
    source = {"type": "url", "url": "https://example.org/x.jpg"}
    link = [{"role": "user", "content": [{"type": "image", "source": source}]}]
    refused(client, "Unable to download", messages=link)
    version = {"anthropic-version": "2020-01-01"}
    refused(client, "anthropic-version", extra_headers=version)


def the_old_version_takes_what_the_new_one_dropped(client):
    headers = {"anthropic-version": "2023-06-01"}
    assert ask(client, extra_headers=headers, extra_body={"temperature": 1.0}).content


def unknown_models_are_refused(client):
    call = lambda: client.messages.create(model="none", max_tokens=9, messages=photo())
    raises(anthropic.NotFoundError, call)


CASES = [
    create_answers_in_the_sdks_types,
    images_are_counted,
    answers_fit_the_schema_asked_for,
    thinking_may_come_first,
    streams_arrive_event_by_event,
    a_stream_may_end_in_an_error,
    a_stream_may_break,
    refusals_have_no_text,
    incomplete_answers_say_why,
    passing_faults_are_retried_by_the_sdk,
    statuses_become_the_sdks_errors,
    spent_accounts_are_told_apart,
    silence_is_a_timeout,
    wrong_keys_are_refused,
    the_key_may_be_a_bearer_token,
    requests_are_checked,
    the_old_version_takes_what_the_new_one_dropped,
    unknown_models_are_refused,
]


if __name__ == "__main__":
    client = anthropic.Anthropic(base_url=sys.argv[1], api_key="sk-right", timeout=30)
    run(CASES, client)
