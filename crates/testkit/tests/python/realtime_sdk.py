"""The official OpenAI SDK's realtime client against the provider simulator.

Usage: realtime_sdk.py BASE_URL SPEECH_WAV

Every case has a connection of its own; its number is the case's place in CASES, which is how the
simulator's script knows it. Events are also validated against the SDK's own types.
"""

import asyncio
import base64
import json
import os
import sys
import traceback
import wave

import openai

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../src/python"))
import realtime_events  # noqa: E402

MODEL = "sim-realtime"
WAIT = 30


class Talk:
    """A connection that checks what it receives and remembers the types."""

    def __init__(self, connection):
        self.connection = connection
        self.kinds = []

    async def next(self):
        raw = await asyncio.wait_for(self.connection.recv_bytes(), WAIT)
        event = json.loads(raw)
        faults = realtime_events.faults(event, "server")
        assert not faults, (event, faults)
        self.kinds.append(event["type"])
        return self.connection.parse_event(raw)

    async def until(self, kind):
        """Every event up to the first of a type."""
        events = []
        while not events or events[-1].type != kind:
            events.append(await self.next())
            assert kind == "error" or events[-1].type != "error", events[-1]
        return events

    async def error(self):
        return (await self.until("error"))[-1].error

    async def configure(self, **session):
        await self.connection.session.update(session={"type": "realtime", **session})
        return (await self.until("session.updated"))[-1].session

    async def say(self, text):
        item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
        await self.connection.conversation.item.create(item=item)

    async def hear(self, pcm):
        """Sends sound in pieces of 100 ms."""
        for at in range(0, len(pcm), 4800):
            piece = base64.b64encode(pcm[at : at + 4800]).decode()
            await self.connection.input_audio_buffer.append(audio=piece)


def speech():
    """The clip at 24 kHz, by drawing lines between its samples, with a second of silence."""
    with wave.open(sys.argv[2]) as clip:
        raw = clip.readframes(clip.getnframes())
    samples = [int.from_bytes(raw[i : i + 2], "little", signed=True) for i in range(0, len(raw), 2)]
    out = bytearray()
    for at in range((len(samples) - 1) * 3 // 2):
        whole, part = divmod(at * 2, 3)
        value = samples[whole] + (samples[whole + 1] - samples[whole]) * part // 3
        out += value.to_bytes(2, "little", signed=True)
    return bytes(out) + bytes(48000)


def server_vad(**more):
    return {"input": {"turn_detection": {"type": "server_vad", **more}}}


MANUAL = {"input": {"turn_detection": None}}
ANSWER = [
    "response.created",
    "response.output_item.added",
    "conversation.item.added",
    "response.content_part.added",
]
SPOKEN = [
    "response.output_audio.done",
    "response.output_audio_transcript.done",
    "response.content_part.done",
    "conversation.item.done",
    "response.output_item.done",
    "response.done",
]


def without(kinds, *parts):
    return [kind for kind in kinds if not any(part in kind for part in parts)]


async def a_text_turn_is_answered_in_text(talk):
    await talk.configure(output_modalities=["text"], instructions="Be brief.")
    await talk.say("What is light?")
    await talk.connection.response.create()
    events = await talk.until("rate_limits.updated")
    assert without(talk.kinds, "delta") == [
        "session.created",
        "session.updated",
        "conversation.item.added",
        "conversation.item.done",
        *ANSWER,
        "response.output_text.done",
        "response.content_part.done",
        "conversation.item.done",
        "response.output_item.done",
        "response.done",
        "rate_limits.updated",
    ], talk.kinds
    text = "".join(e.delta for e in events if e.type == "response.output_text.delta")
    assert "What is light?" in text and "Be brief." in text, text
    usage = events[-2].response.usage
    assert usage.total_tokens == usage.input_tokens + usage.output_tokens
    assert usage.output_token_details.audio_tokens == 0 < usage.output_token_details.text_tokens


async def an_update_is_merged_and_shown_whole(talk):
    session = await talk.configure(audio=server_vad(silence_duration_ms=321))
    detection = session.audio.input.turn_detection
    assert (detection.silence_duration_ms, detection.prefix_padding_ms) == (321, 300)
    assert session.audio.output.voice == "marin" and session.instructions
    session = await talk.configure(audio=MANUAL)
    assert session.audio.input.turn_detection is None


async def a_spoken_turn_is_found_transcribed_and_answered(talk):
    audio = server_vad(silence_duration_ms=500, prefix_padding_ms=200)
    audio["input"]["transcription"] = {"model": "gpt-realtime-whisper"}
    await talk.configure(audio=audio)
    await talk.hear(bytes(48000) + speech())
    events = await talk.until("rate_limits.updated")
    while not any("completed" in kind for kind in talk.kinds):
        events.append(await talk.next())
    assert without(talk.kinds[2:], "delta", "transcription") == [
        "input_audio_buffer.speech_started",
        "input_audio_buffer.speech_stopped",
        "input_audio_buffer.committed",
        "conversation.item.added",
        "conversation.item.done",
        *ANSWER,
        *SPOKEN,
        "rate_limits.updated",
    ], talk.kinds
    by_kind = {event.type: event for event in events}
    started = by_kind["input_audio_buffer.speech_started"]
    stopped = by_kind["input_audio_buffer.speech_stopped"]
    assert 800 <= started.audio_start_ms < 1500, started
    assert 3500 < stopped.audio_end_ms < 5300, stopped
    assert started.item_id == stopped.item_id == by_kind["input_audio_buffer.committed"].item_id
    written = by_kind["conversation.item.input_audio_transcription.completed"]
    assert written.transcript == "Can you explain photosynthesis?", written
    assert written.item_id == started.item_id
    assert "photosynthesis" in by_kind["response.output_audio_transcript.done"].transcript
    sound = [e.delta for e in events if e.type == "response.output_audio.delta"]
    length = sum(len(base64.b64decode(piece)) for piece in sound) / 48
    usage = by_kind["response.done"].response.usage
    assert abs(usage.output_token_details.audio_tokens - length / 50) <= 1
    turn = stopped.audio_end_ms - started.audio_start_ms
    assert abs(usage.input_token_details.audio_tokens - turn / 100) <= 1


async def a_manual_turn_waits_to_be_asked(talk):
    await talk.configure(audio=MANUAL)
    await talk.hear(speech())
    await talk.connection.input_audio_buffer.commit()
    await talk.until("conversation.item.done")
    await talk.connection.input_audio_buffer.append(audio=base64.b64encode(bytes(9600)).decode())
    await talk.connection.input_audio_buffer.clear()
    await talk.until("input_audio_buffer.cleared")
    await talk.connection.input_audio_buffer.commit()
    error = await talk.error()
    assert error.code == "input_audio_buffer_commit_empty" and "100ms" in error.message
    await talk.connection.response.create()
    await talk.until("response.done")
    assert talk.kinds[2:6] == [
        "input_audio_buffer.committed",
        "conversation.item.added",
        "conversation.item.done",
        "input_audio_buffer.cleared",
    ], talk.kinds


async def speech_interrupts_and_truncation_follows(talk):
    """The simulator stops this answer after 1 s of sound."""
    await talk.configure(audio=server_vad())
    await talk.say("Tell me a story.")
    await talk.connection.response.create()
    generated, item = 0, None
    while generated < 1000:
        event = await talk.next()
        if event.type == "response.output_audio.delta":
            generated += len(base64.b64decode(event.delta)) // 48
            item = event.item_id
    assert generated == 1000
    clip = speech()
    await talk.hear(clip[:96000])
    await talk.until("input_audio_buffer.speech_started")
    await talk.connection.conversation.item.truncate(item_id=item, content_index=0, audio_end_ms=700)
    tail = await talk.until("response.done")
    assert [event.type for event in tail] == SPOKEN, tail
    assert tail[3].item.status == tail[4].item.status == "incomplete"
    response = tail[-1].response
    assert response.status == "cancelled" and response.status_details.reason == "turn_detected"
    assert response.usage.output_token_details.audio_tokens == 20
    await talk.hear(clip[96000:])
    committed = (await talk.until("input_audio_buffer.committed"))[-1]
    assert committed.previous_item_id == item
    truncated = await talk.until("conversation.item.truncated")
    assert truncated[-1].audio_end_ms == 700
    await talk.connection.conversation.item.retrieve(item_id=item)
    kept = (await talk.until("conversation.item.retrieved"))[-1].item
    assert kept.content[0].type == "output_audio" and not kept.content[0].transcript
    assert "rate_limits.updated" not in talk.kinds[: talk.kinds.index("conversation.item.truncated")]


async def an_answer_can_be_cancelled(talk):
    """The simulator stops this answer after 400 ms of sound."""
    await talk.say("Tell me a story.")
    await talk.connection.response.create()
    await talk.until("response.output_audio.delta")
    await talk.connection.response.create(event_id="second")
    error = await talk.error()
    assert error.code == "conversation_already_has_active_response" and error.event_id == "second"
    await talk.connection.response.cancel()
    done = (await talk.until("response.done"))[-1].response
    assert (done.status, done.status_details.reason) == ("cancelled", "client_cancelled")
    await talk.connection.response.cancel(event_id="mine")
    error = await talk.error()
    assert (error.code, error.event_id) == ("response_cancel_not_active", "mine"), error


async def a_function_is_called_and_its_output_answered(talk):
    """The simulator calls `bookmark` first."""
    tool = {"type": "function", "name": "bookmark", "parameters": {"type": "object", "properties": {}}}
    await talk.configure(tools=[tool], tool_choice="auto", output_modalities=["text"])
    await talk.say("Keep this page.")
    await talk.connection.response.create()
    events = await talk.until("response.done")
    call = events[-1].response.output[0]
    arguments = "".join(e.delta for e in events if "arguments.delta" in e.type)
    assert call.type == "function_call" and json.loads(call.arguments) == {"note": "page 3"}
    done = [e for e in events if e.type == "response.function_call_arguments.done"][0]
    assert (done.name, done.call_id, done.arguments) == ("bookmark", call.call_id, arguments)
    output = {"type": "function_call_output", "call_id": call.call_id, "output": "kept as 17"}
    await talk.connection.conversation.item.create(item=output)
    item = (await talk.until("conversation.item.done"))[-1].item
    assert item.output == "kept as 17" and item.status is None
    await talk.connection.response.create()
    done = (await talk.until("response.done"))[-1].response
    assert "kept as 17" in done.output[0].content[0].text
    details = done.usage.input_token_details
    assert 0 < details.cached_tokens < done.usage.input_tokens


async def items_are_kept_in_order(talk):
    await talk.say("one")
    first = (await talk.until("conversation.item.done"))[-1].item.id
    item = {"id": "mine", "type": "message", "role": "system"}
    item["content"] = [{"type": "input_text", "text": "two"}]
    create = talk.connection.conversation.item.create
    await create(item=item, previous_item_id="root")
    assert (await talk.until("conversation.item.done"))[-1].previous_item_id is None
    seed = {"type": "message", "role": "assistant"}
    seed["content"] = [{"type": "output_text", "text": "three"}]
    await create(item=seed, previous_item_id=first)
    assert (await talk.until("conversation.item.done"))[-1].previous_item_id == first
    await create(item=item)
    assert "already exists" in (await talk.error()).message
    await talk.connection.conversation.item.delete(item_id="mine")
    assert (await talk.until("conversation.item.deleted"))[-1].item_id == "mine"
    for call, code in [
        (talk.connection.conversation.item.delete, "item_delete_invalid_item_id"),
        (talk.connection.conversation.item.retrieve, "item_retrieve_invalid_item_id"),
    ]:
        await call(item_id="mine", event_id="e1")
        error = await talk.error()
        assert (error.code, error.event_id) == (code, "e1"), error


async def truncation_has_its_errors(talk):
    await talk.say("hello")
    user = (await talk.until("conversation.item.done"))[-1].item.id
    await talk.connection.response.create()
    spoken = (await talk.until("response.done"))[-1].response.output[0].id
    truncate = talk.connection.conversation.item.truncate
    for item, end, told in [
        ("nothing", 0, "not found"),
        (user, 0, "Only model output audio messages can be truncated"),
        (spoken, 10**7, "is already shorter than 10000000ms"),
    ]:
        await truncate(item_id=item, content_index=0, audio_end_ms=end)
        assert told in (await talk.error()).message
    await truncate(item_id=spoken, content_index=0, audio_end_ms=0)
    await talk.until("conversation.item.truncated")


async def mistakes_are_named_and_the_session_lives(talk):
    for session, code, param in [
        ({"voice": "alloy"}, "unknown_parameter", "session.voice"),
        ({"type": "realtime", "output_modalities": ["text", "audio"]}, "invalid_value", "session.output_modalities"),
        ({"type": "realtime", "instructions": 7}, "invalid_type", "session.instructions"),
        ({"instructions": "x"}, "missing_required_parameter", "session.type"),
    ]:
        await talk.connection.send({"type": "session.update", "session": session, "event_id": "u"})
        error = await talk.error()
        assert (error.code, error.param, error.event_id) == (code, param, "u"), error
    await talk.connection.send({"type": "response.stop"})
    assert (await talk.error()).param == "type"
    await talk.connection.send_raw("no json")
    assert (await talk.error()).code == "invalid_json"
    await talk.connection.send_raw(b"\x00\x01")
    assert (await talk.error()).code == "invalid_event"
    await talk.connection.input_audio_buffer.append(audio="%%%")
    assert (await talk.error()).param == "audio"


async def the_voice_is_locked_by_the_first_sound(talk):
    await talk.configure(audio={"output": {"voice": "cedar"}})
    await talk.connection.response.create()
    await talk.until("response.done")
    await talk.connection.session.update(
        session={"type": "realtime", "audio": {"output": {"voice": "coral"}}}
    )
    assert (await talk.error()).code == "cannot_update_voice"


async def an_answer_may_stand_outside_the_conversation(talk):
    await talk.say("Hello.")
    await talk.until("conversation.item.done")
    begin = len(talk.kinds)
    await talk.connection.response.create(
        response={"conversation": "none", "output_modalities": ["text"], "metadata": {"for": "me"}}
    )
    done = (await talk.until("response.done"))[-1].response
    assert done.conversation_id is None and done.metadata == {"for": "me"}
    assert not any(kind.startswith("conversation.item") for kind in talk.kinds[begin:])


async def an_answer_may_fail_or_be_cut(talk):
    """The simulator fails the first answer and cuts the second."""
    await talk.connection.response.create()
    done = (await talk.until("response.done"))[-1].response
    assert done.status == "failed" and done.status_details.error.code == "server_error"
    await talk.connection.response.create()
    done = (await talk.until("response.done"))[-1].response
    assert done.status == "incomplete" and done.status_details.reason == "max_output_tokens"
    assert done.output[0].status == "incomplete"


async def a_session_expires(talk):
    """The simulator ends this session after a second of sound."""
    await talk.hear(bytes(48000))
    error = await talk.error()
    assert error.code == "session_expired"
    assert await closed(talk) == 1001


async def closed(talk):
    try:
        while True:
            await talk.next()
    except Exception as error:
        return error.rcvd.code if getattr(error, "rcvd", None) else error


CASES = [
    a_text_turn_is_answered_in_text,
    an_update_is_merged_and_shown_whole,
    a_spoken_turn_is_found_transcribed_and_answered,
    a_manual_turn_waits_to_be_asked,
    speech_interrupts_and_truncation_follows,
    an_answer_can_be_cancelled,
    a_function_is_called_and_its_output_answered,
    items_are_kept_in_order,
    truncation_has_its_errors,
    mistakes_are_named_and_the_session_lives,
    the_voice_is_locked_by_the_first_sound,
    an_answer_may_stand_outside_the_conversation,
    an_answer_may_fail_or_be_cut,
    a_session_expires,
]


async def refused(code, close, key="sk-right", model=MODEL, headers=None):
    """Refusals come after the upgrade."""
    client = openai.AsyncOpenAI(base_url=sys.argv[1], api_key=key)
    async with client.realtime.connect(model=model, extra_headers=headers or {}) as connection:
        talk = Talk(connection)
        assert (await talk.error()).code == code
        assert talk.kinds == ["error"] and await closed(talk) == close


async def refusals():
    await refused("invalid_api_key", 3000, key="sk-wrong")
    await refused("model_not_found", 4004, model="no-such-model")
    await refused("beta_api_shape_disabled", 4000, headers={"OpenAI-Beta": "realtime=v1"})


async def run(case):
    client = openai.AsyncOpenAI(base_url=sys.argv[1], api_key="sk-right")
    async with client.realtime.connect(model=MODEL) as connection:
        talk = Talk(connection)
        created = await talk.next()
        assert created.type == "session.created" and created.session.model == MODEL
        await case(talk)


async def main():
    failed = 0
    for case in [*CASES, refusals]:
        try:
            await (refusals() if case is refusals else run(case))
            print("ok    ", case.__name__)
        except Exception:
            failed += 1
            print("FAILED", case.__name__, traceback.format_exc())
    print(json.dumps({"cases": len(CASES) + 1, "failed": failed}))
    sys.exit(failed > 0)


asyncio.run(main())
