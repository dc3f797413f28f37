import type { Test } from 'tap';
import { call, registration } from './api.js';
import { connectSocket } from './socket-client.js';

/** Serial numbers as real devices have them, and some that look like parts of a URL. */
export const DEVICE_NAMES = [
  'AC:CC:8E:0F:12:34',
  'DS-7616NI-E2/16P0123',
  'urn:dev:mac:0024befffe804ff1',
  'A+B',
  'A B',
  'cam#1',
  'user@host/ch1',
  'rtsp://10.0.0.7/ch1',
  'a//b',
  'a/../b',
  'a/./b',
  'a/incidents',
  'a:updated',
] as const;

const DRONES = '/api/v1/drones';

/**
 * Uses API and relay at one address, as a browser does: each device is registered, changed by REST, heard of on a
 * WebSocket that follows it alone, read, reported on, listed page by page, and deleted.
 */
export async function useDeviceNames(t: Test, url: string): Promise<void> {
  for (const serialNumber of DEVICE_NAMES) {
    const path = `${DRONES}/sn/${encodeURIComponent(serialNumber)}`;
    const sn = encodeURIComponent(serialNumber);
    const { status } = await call(url, 'POST', `${DRONES}/register`, registration(serialNumber));
    t.equal(status, 201, serialNumber);
    const { frames, socket } = await connectSocket(t, `${url.replace('http', 'ws')}/ws/events?sn=${sn}`, {
      origin: url,
    });
    t.equal((await call(url, 'PATCH', path, { streamIsOn: true })).status, 200, serialNumber);
    t.match(await frames.find(({ event }) => event === 'drone.updated'), { serialNumber, revision: 2 });
    t.match((await call(url, 'GET', path)).body.data.drone, {
      deviceSerialNumber: serialNumber,
      revision: 2,
    });
    const report = { imageUrl: 'https://images.example.com/1.jpg', objectBBox: [1, 2, 3, 4] };
    t.equal((await call(url, 'POST', `${path}/incidents`, report)).status, 201, serialNumber);
    t.match((await call(url, 'GET', `${path}/incidents`)).body.data.incidents, [{ serialNumber }]);
    socket.close();
  }
  const seen: string[] = [];
  for (let page: string | undefined = `${DRONES}?limit=1`; page; ) {
    const { status, body, headers } = await call(url, 'GET', page);
    t.equal(status, 200, page);
    seen.push(...body.data.drones.map((drone: { deviceSerialNumber: string }) => drone.deviceSerialNumber));
    page = /^<(.*)>; rel="next"$/.exec(String(headers.link))?.[1];
  }
  t.same(seen, [...DEVICE_NAMES].sort());
  for (const serialNumber of DEVICE_NAMES) {
    const { status } = await call(url, 'DELETE', `${DRONES}/sn/${encodeURIComponent(serialNumber)}`);
    t.equal(status, 204, serialNumber);
  }
}
