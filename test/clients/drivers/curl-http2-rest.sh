#!/usr/bin/env bash
# It requests by HTTP/1.1 with `Upgrade: h2c`, as standard input says: method, path, a header and a body, with tabs between.
set -euo pipefail
while IFS= read -r line; do
  # Tabs next to each other would count as one.
  IFS='|' read -r method path header body <<<"${line//$'\t'/|}"
  answer=$(curl --silent --show-error --http2 --request "$method" ${header:+--header "$header"} \
    ${body:+--header 'Content-Type: application/json' --data "$body"} \
    --write-out '\n%{http_code}\n%header{content-type}\n%header{etag}\n.' "$1$path")
  mapfile -t fields <<<"$answer"
  # Quotes are part of an ETag.
  printf '{"status":%s,"type":"%s","etag":"%s","body":%s}\n' \
    "${fields[1]}" "${fields[2]}" "${fields[3]//\"/\\\"}" "${fields[0]:-null}"
done
