"""The official Google Gen AI SDK against the provider simulator.

Usage: gemini_sdk.py BASE_URL

The simulator answers by a word of the prompt: `fault:NAME` is a fault for every request, `once:NAME`
one for the first request with it, `reasoning` puts thoughts first.
"""

import json
import sys

import pydantic
from google import genai
from google.genai import errors, types

from cases import png, raises, run

MODEL = "sim-vision"


class ContentAnalysis(pydantic.BaseModel):
    isStudying: bool
    topic: str
    extractedText: str


class Answer(pydantic.BaseModel):
    contentAnalysis: ContentAnalysis


def photo(words, data=None, mime_type="image/png"):
    data = png(640, 480) if data is None else data
    return [types.Part.from_bytes(data=data, mime_type=mime_type), words]


def ask(client, words="What is there to study?", contents=None, **config):
    return client.models.generate_content(
        model=MODEL,
        contents=photo(words) if contents is None else contents,
        config=types.GenerateContentConfig(**config),
    )


def generate_answers_in_the_sdks_types(client):
    response = ask(client, system_instruction="Be brief.")
    assert response.text and response.model_version == MODEL
    assert response.candidates[0].finish_reason == types.FinishReason.STOP


def images_are_counted_by_resolution(client):
    def image(**config):
        details = ask(client, **config).usage_metadata.prompt_tokens_details
        return {detail.modality.value: detail.token_count for detail in details}["IMAGE"]

    assert image() == 1120
    assert image(media_resolution=types.MediaResolution.MEDIA_RESOLUTION_LOW) == 280


def usage_adds_up(client):
    usage = ask(client, "reasoning").usage_metadata
    assert usage.thoughts_token_count > 0
    parts = usage.prompt_token_count + usage.candidates_token_count + usage.thoughts_token_count
    assert usage.total_token_count == parts


def both_kinds_of_schema_are_followed(client):
    by_class = ask(client, response_mime_type="application/json", response_schema=Answer)
    assert by_class.parsed.contentAnalysis.topic
    schema = Answer.model_json_schema()
    by_json = ask(client, response_mime_type="application/json", response_json_schema=schema)
    assert json.loads(by_json.text)["contentAnalysis"]["isStudying"] is True


def thoughts_are_not_the_answer(client):
    response = ask(client, "reasoning")
    assert [part.thought for part in response.candidates[0].content.parts] == [True, None]
    assert "Let me look" not in response.text


def streams_arrive_piece_by_piece(client):
    chunks = list(
        client.models.generate_content_stream(
            model=MODEL,
            contents=photo("x"),
            config=types.GenerateContentConfig(
                response_mime_type="application/json", response_schema=Answer
            ),
        )
    )
    assert len(chunks) > 2
    assert json.loads("".join(chunk.text or "" for chunk in chunks))["contentAnalysis"]
    assert chunks[-1].candidates[0].finish_reason == types.FinishReason.STOP


def a_stream_may_break(client):
    call = lambda: list(
        client.models.generate_content_stream(model=MODEL, contents=photo("fault:stream_cut"))
    )
    raises(Exception, call)


def blocked_questions_have_no_candidates(client):
    response = ask(client, "fault:refusal")
    assert not response.candidates
    assert response.prompt_feedback.block_reason == types.BlockedReason.SAFETY


def incomplete_answers_say_why(client):
    cut = types.FinishReason.MAX_TOKENS
    assert ask(client, "fault:incomplete").candidates[0].finish_reason == cut
    assert ask(client, max_output_tokens=2).candidates[0].finish_reason == cut


def statuses_become_the_sdks_errors(client):
    for fault, kind, code, status in [
        ("server_error", errors.ServerError, 500, "INTERNAL"),
        ("overloaded", errors.ServerError, 503, "UNAVAILABLE"),
        ("rate_limit", errors.ClientError, 429, "RESOURCE_EXHAUSTED"),
        ("quota", errors.ClientError, 429, "RESOURCE_EXHAUSTED"),
        ("forbidden", errors.ClientError, 403, "PERMISSION_DENIED"),
        ("invalid_key", errors.ClientError, 400, "INVALID_ARGUMENT"),
        ("model_not_found", errors.ClientError, 404, "NOT_FOUND"),
        ("image_refused", errors.ClientError, 400, "INVALID_ARGUMENT"),
    ]:
        error = raises(kind, lambda: ask(client, f"fault:{fault}"))
        assert (error.code, error.status) == (code, status), error


def a_rate_limit_tells_its_wait_in_the_body(client):
    error = raises(errors.ClientError, lambda: ask(client, "fault:rate_limit"))
    details = error.details["error"]["details"]
    assert [d["retryDelay"] for d in details if d["@type"].endswith("RetryInfo")] == ["0.001s"]


def passing_faults_are_retried_where_asked_for(client):
    options = types.HttpOptions(
        base_url=sys.argv[1],
        retry_options=types.HttpRetryOptions(attempts=3, initial_delay=0.01),
    )
    patient = genai.Client(api_key="sk-right", http_options=options)
    for fault in ["rate_limit", "server_error", "overloaded"]:
        assert ask(patient, f"once:{fault}").text, fault


def wrong_keys_are_refused(client):
    options = types.HttpOptions(base_url=sys.argv[1])
    wrong = genai.Client(api_key="wrong", http_options=options)
    error = raises(errors.ClientError, lambda: ask(wrong))
    assert error.code == 400 and "API key not valid" in error.message


def refused(client, words, **options):
    error = raises(errors.ClientError, lambda: ask(client, **options))
    assert error.code == 400 and words in error.message, error.message


def requests_are_checked(client):
    refused(client, "Unsupported MIME type", contents=photo("x", mime_type="image/bmp"))
    refused(client, "Unable to process input image", contents=photo("x", b"no image"))
    refused(client, "Unable to process input image", contents=photo("x", png(9, 9)[:40]))
    refused(client, "response_mime_type", response_json_schema={"type": "object"})
    link = types.Part.from_uri(file_uri="https://example.org/x.jpg", mime_type="image/jpeg")
    refused(client, "Cannot fetch content", contents=[link, "x"])
    extra = types.HttpOptions(extra_body={"contentAnalysis": True})
    refused(client, "Unknown name", http_options=extra)


def links_to_this_machine_only_are_opened(client):
    link = types.Part.from_uri(file_uri="http://10.0.0.1/x.jpg", mime_type="image/jpeg")
    refused(client, "Cannot fetch content", contents=[link, "x"])


def unknown_models_are_refused(client):
    call = lambda: client.models.generate_content(model="none", contents="x")
    assert raises(errors.ClientError, call).code == 404


CASES = [
    generate_answers_in_the_sdks_types,
    images_are_counted_by_resolution,
    usage_adds_up,
    both_kinds_of_schema_are_followed,
    thoughts_are_not_the_answer,
    streams_arrive_piece_by_piece,
    a_stream_may_break,
    blocked_questions_have_no_candidates,
    incomplete_answers_say_why,
    statuses_become_the_sdks_errors,
    a_rate_limit_tells_its_wait_in_the_body,
    passing_faults_are_retried_where_asked_for,
    wrong_keys_are_refused,
    requests_are_checked,
    links_to_this_machine_only_are_opened,
    unknown_models_are_refused,
]


if __name__ == "__main__":
    options = types.HttpOptions(base_url=sys.argv[1], timeout=30_000)
    client = genai.Client(api_key="sk-right", http_options=options)
    run(CASES, client)
