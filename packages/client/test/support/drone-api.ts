import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';
import { Queue } from '../../../../test/support/queue.js';

export interface Question {
  answer(drone: { id: string; revision: number }): void;
  refuse(status: number): void;
  send(status: number, body: object | string, headers?: Record<string, string>): void;
  /** Breaks the connection. */
  reset(): void;
}

/** An API that answers when the test wants it to, about the drone A. */
export async function startDroneApi(t: Test) {
  const asked = new Queue<Question>();
  const server = createServer((_request, response) => {
    const send: Question['send'] = (status, body, headers = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    };
    asked.push({
      answer: (drone) =>
        send(200, { status: 'success', data: { drone: { _id: drone.id, ...drone, streamCredentials: {} } } }),
      refuse: (status) => send(status, { detail: `refused with ${status}` }),
      send,
      reset: () => response.destroy(),
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  let place = 1;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    event(kind: 'created' | 'updated' | 'deleted', id: string, revision: number): object {
      place += 1;
      const full = kind === 'deleted' ? {} : { full: { id, revision } };
      return {
        id: `e.${place}-0`,
        type: 'drone:event',
        event: `drone.${kind}`,
        channel: `drone:A:${kind}`,
        serialNumber: 'A',
        revision,
        data: { serialNumber: 'A', droneId: id, ...full },
      };
    },
  };
}
