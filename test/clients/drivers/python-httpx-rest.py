import sys

import httpx
from rest_lines import answer_lines

client = httpx.Client(base_url=sys.argv[1])


def send(method: str, path: str, headers: dict[str, str], body: bytes):
    answer = client.request(method, path, headers=headers, content=body)
    return answer.status_code, answer.headers, answer.text


answer_lines(send)
