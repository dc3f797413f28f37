"""How the drivers of REST clients are told what to ask, and print what is answered."""

import json
import sys
from collections.abc import Callable, Mapping

Send = Callable[[str, str, dict[str, str], bytes], tuple[int, Mapping[str, str], str]]


def answer_lines(send: Send) -> None:
    """Take requests from standard input: method, path, a header and a body, with tabs between."""
    for line in sys.stdin:
        method, path, header, body = line.rstrip("\n").split("\t")
        headers = {"Content-Type": "application/json"} if body else {}
        if header:
            name, value = header.split(": ")
            headers[name] = value
        status, fields, text = send(method, path, headers, body.encode())
        answer = {
            "status": status,
            "etag": fields.get("ETag"),
            "type": fields.get("Content-Type"),
            "body": json.loads(text) if text else None,
        }
        print(json.dumps(answer), flush=True)
