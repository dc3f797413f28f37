#!/usr/bin/env bash
# It requests by HTTP/1.1 with `Upgrade: h2c`.
set -euo pipefail
id=
curl --silent --show-error --fail --no-buffer --http2 --get --data-urlencode "sn=$2" \
  ${3:+--header "Last-Event-ID: $3"} "$1/sse/events" |
  while IFS= read -r line; do
    case $line in
      'id: '*) id=${line#id: } ;;
      'data: '*) printf '{"lastEventId":"%s","frame":%s}\n' "$id" "${line#data: }" ;;
    esac
  done
