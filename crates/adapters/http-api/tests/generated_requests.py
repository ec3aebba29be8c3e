"""What generated requests need to get past the door: real images, keys not used before, passwords
that are strong enough, and an account of their own.

A hook module of schemathesis: `SCHEMATHESIS_HOOKS=generated_requests` with this folder in
`PYTHONPATH`. No schema can say that bytes are an image, so schemathesis is told where to get one;
what happens to bytes that are none, and to keys used twice, is under test beside this file.
"""

import functools
import itertools
import re

import requests
import schemathesis
from hypothesis import strategies
from schemathesis.config import OperationConfig
from schemathesis.core.file_samples import MEDIA_TYPE_FILE_SAMPLES

MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp")

images = [MEDIA_TYPE_FILE_SAMPLES[name] for name in MEDIA_TYPES]
schemathesis.openapi.format("binary", strategies.sampled_from(images))
for name in MEDIA_TYPES:
    schemathesis.openapi.media_type(name, strategies.sampled_from(images))

some = strategies.text("abcXYZ123 !?", min_size=4, max_size=40)
schemathesis.openapi.format("password", some.map(lambda text: f"Aa1-{text}"))

numbers = itertools.count()


@schemathesis.hook
def before_call(context, case, kwargs):
    """A key that is sent with another payload is a mismatch, whatever else the request holds."""
    token(case.operation.base_url)
    key = (case.headers or {}).get("Idempotency-Key")
    if key is not None and re.fullmatch("[!-~]{1,190}", str(key)):
        case.headers["Idempotency-Key"] = f"{key}{next(numbers)}"


@schemathesis.hook
def after_load_schema(context, schema):
    """No generated code was ever mailed: well-formed ones are refused too."""
    codes = {
        "include-path": ["/api/v1/auth/email/verify", "/api/v1/auth/password/reset"],
        "checks": {"positive_data_acceptance": {"expected-statuses": ["400", "429"]}},
    }
    schema.config.operations.operations.append(OperationConfig.from_dict(codes))


@functools.cache
def token(server):
    """The access token of an account made before the first generated request: those soon use up
    how many accounts one address may make."""
    new = {"email": "run@example.org", "password": "Correct-Horse-1"}
    register = server.rstrip("/") + "/api/v1/auth/register"
    answer = requests.post(register, json=new, timeout=30)
    answer.raise_for_status()
    return answer.json()["data"]["token"]


# Where nothing but a token opens the door. What signs out is not among them: the token lasts the
# run.
@schemathesis.auth(refresh_interval=None).apply_to(path_regex="/auth/(me|devices|email/resend)$")
class Account:
    def get(self, case, context):
        return token(case.operation.base_url)

    def set(self, case, data, context):
        case.headers = case.headers or {}
        case.headers["Authorization"] = f"Bearer {data}"
