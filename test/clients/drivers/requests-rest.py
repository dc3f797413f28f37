import sys

import requests
from rest_lines import answer_lines

session = requests.Session()


def send(method: str, path: str, headers: dict[str, str], body: bytes):
    answer = session.request(method, sys.argv[1] + path, headers=headers, data=body)
    return answer.status_code, answer.headers, answer.text


answer_lines(send)
