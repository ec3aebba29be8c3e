"""PUTs a file to an upload link in every way that must fail, then as it must be, then again.

The link comes as JSON on standard input: {"uploadUrl", "headers", "file"}. What each attempt was
answered goes to standard output as JSON, by name. Wrong ones are sent with requests, the right one
with the HTTP client of boto3's own core.
"""

import json
import sys

import requests
from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session

link = json.load(sys.stdin)
url, headers = link["uploadUrl"], link["headers"]
with open(link["file"], "rb") as file:
    body = file.read()


def put(body, **changed):
    """The status, with some headers changed."""
    sent = {name: value for name, value in headers.items() if name != "content-length"}
    sent.update(changed)
    answer = requests.put(url, data=body, headers=sent, timeout=60)
    return answer.status_code


altered = body[:-1] + bytes([body[-1] ^ 1])
other = "image/png" if headers["content-type"] != "image/png" else "image/jpeg"
told = {
    "too short": put(body[:-1]),
    "too long": put(body + b"\0"),
    "another type": put(body, **{"content-type": other}),
}
if "x-amz-checksum-sha256" in headers:
    told["another checksum"] = put(altered)

if not link.get("onlyWrong"):
    request = AWSRequest(method="PUT", url=url, data=body, headers=headers).prepare()
    told["right"] = URLLib3Session().send(request).status_code
    told["again"] = put(body)

json.dump(told, sys.stdout)
