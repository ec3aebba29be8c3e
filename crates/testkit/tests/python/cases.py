"""What the programs for official SDKs share: a picture, a look at errors, and running all cases."""

import json
import struct
import sys
import zlib


def png(width, height):
    """A grey picture."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = (b"\0" + b"\x80" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def raises(kind, call):
    """The error of this kind that the call raises."""
    try:
        call()
    except kind as error:
        return error
    raise AssertionError(f"{kind.__name__} was not raised")


def run(cases, client):
    """Runs every case, prints what became of it, and ends with 1 if one has failed."""
    failed = 0
    for case in cases:
        try:
            case(client)
            print("ok    ", case.__name__)
        except Exception as error:
            failed += 1
            print("FAILED", case.__name__, type(error).__name__, error)
    print(json.dumps({"cases": len(cases), "failed": failed}))
    sys.exit(failed > 0)
