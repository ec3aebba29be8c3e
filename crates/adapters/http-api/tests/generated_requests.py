"""What generated requests need to get past the door: real images, and keys not used before.

A hook module of schemathesis: `SCHEMATHESIS_HOOKS=generated_requests` with this folder in
`PYTHONPATH`. No schema can say that bytes are an image, so schemathesis is told where to get one;
what happens to bytes that are none, and to keys used twice, is under test beside this file.
"""

import itertools
import re

import schemathesis
from hypothesis import strategies
from schemathesis.core.file_samples import MEDIA_TYPE_FILE_SAMPLES

MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp")

images = [MEDIA_TYPE_FILE_SAMPLES[name] for name in MEDIA_TYPES]
schemathesis.openapi.format("binary", strategies.sampled_from(images))
for name in MEDIA_TYPES:
    schemathesis.openapi.media_type(name, strategies.sampled_from(images))

numbers = itertools.count()


@schemathesis.hook
def before_call(context, case, kwargs):
    """A key that is sent with another payload is a mismatch, whatever else the request holds."""
    key = (case.headers or {}).get("Idempotency-Key")
    if key is not None and re.fullmatch("[!-~]{1,190}", str(key)):
        case.headers["Idempotency-Key"] = f"{key}{next(numbers)}"
