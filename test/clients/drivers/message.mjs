/** Prints a message as one line of JSON. A cursor needs no escaping. */
export function show(frame, lastEventId) {
  const head = lastEventId === undefined ? '' : `"lastEventId":"${lastEventId}",`;
  process.stdout.write(`{${head}"frame":${frame}}\n`);
}

export function streamUrlOf(base, sn) {
  const url = new URL('/sse/events', base);
  url.searchParams.set('sn', sn);
  return url;
}

export function socketUrlOf(base, sn, since) {
  const url = new URL('/ws/events', base);
  url.protocol = 'ws:';
  url.searchParams.set('sn', sn);
  if (since) url.searchParams.set('since', since);
  return url;
}
