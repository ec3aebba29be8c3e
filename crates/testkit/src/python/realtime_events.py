"""Checks realtime events against the official OpenAI SDK's types, stricter than the SDK does.

Usage: realtime_events.py client|server [FILE]

Reads an event a line from FILE or the standard input. An event is wrong that has an unknown type,
lacks a field, has one of another type, or has one that the SDK does not know. Prints what is wrong,
a line each, and exits with 1 if anything is.
"""

import base64
import binascii
import json
import sys

import pydantic
from openai.types.realtime import RealtimeClientEvent, RealtimeServerEvent

# What the provider is known to send beyond the SDK's types.
KNOWN_EXTRA = {
    "session.id",
    "session.object",
    "session.expires_at",
    "obfuscation",
}

CLIENT = pydantic.TypeAdapter(RealtimeClientEvent)
SERVER = pydantic.TypeAdapter(RealtimeServerEvent)


def extras(value, path=""):
    """Fields that no type names, at any depth."""
    if isinstance(value, pydantic.BaseModel):
        for name in value.model_extra or {}:
            yield f"{path}{name}"
        for name in type(value).model_fields:
            yield from extras(getattr(value, name), f"{path}{name}.")
    elif isinstance(value, list):
        for entry in value:
            yield from extras(entry, path)


def pcm(text):
    """Whole samples in base64, or an error."""
    try:
        decoded = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        return str(error)
    return "not whole samples" if len(decoded) % 2 or not decoded else None


def faults(event, side):
    """What is wrong with an event."""
    adapter = CLIENT if side == "client" else SERVER
    try:
        parsed = adapter.validate_python(event)
    except pydantic.ValidationError as error:
        # A union tells of every member; the ones of the event's own type are of interest.
        return [f"{error.error_count()} errors: {error.errors()[0]['msg']} … {nearest(event, error)}"]
    if parsed.type != event.get("type"):
        return [f"unknown type {event.get('type')!r}"]
    found = [name for name in extras(parsed) if name not in KNOWN_EXTRA]
    wrong = [f"unknown field {name}" for name in found]
    sound = {"input_audio_buffer.append": "audio", "response.output_audio.delta": "delta"}
    field = sound.get(event["type"])
    if field and (why := pcm(event[field])):
        wrong.append(f"{field}: {why}")
    if side == "server" and not event.get("event_id", "").startswith("event_"):
        wrong.append("no event_id")
    return wrong


def nearest(event, error):
    """Errors that are not merely another event's type."""
    other = [
        f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}"
        for one in error.errors()
        if one["loc"][-1:] != ("type",)
    ]
    return "; ".join(other[:5])


def check(lines, side):
    """Every fault with its line."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            event = json.loads(line)
        except ValueError as error:
            yield f"line {number}: {error}"
            continue
        for fault in faults(event, side):
            yield f"line {number}: {event.get('type')}: {fault}"


def main():
    side = sys.argv[1]
    source = open(sys.argv[2]) if len(sys.argv) > 2 else sys.stdin
    count = 0
    for fault in check(source, side):
        count += 1
        print(fault)
    sys.exit(count > 0)


if __name__ == "__main__":
    main()
