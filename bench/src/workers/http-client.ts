import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { nowUs, stampText } from '../clock.js';
import { serialNumber } from '../drone-event.js';
import { serve } from '../rpc.js';

export type Kind = 'register' | 'patch' | 'get';

const HEAD_END = '\r\n\r\n';
const CONTENT_LENGTH = /\r\ncontent-length: (\d+)/i;

const PATHS: Readonly<Record<Kind, (index: number) => string>> = {
  register: () => 'POST /api/v1/drones/register',
  patch: (index) => `PATCH /api/v1/drones/sn/${serialNumber(index)}`,
  get: (index) => `GET /api/v1/drones/sn/${serialNumber(index)}`,
};

const BODIES: Readonly<Record<Kind, (index: number, us: number) => object | undefined>> = {
  register: (index) => ({
    deviceSerialNumber: serialNumber(index),
    deviceName: 'Harbour north 2',
    deviceCategory: 'DRONE',
    metadata: { alias: 'Seagull', description: '' },
    streamUrl: 'rtsp://10.20.0.42:8554/live/harbour-north-2',
    cameras: ['wide', 'zoom', 'thermal'],
    detectionClasses: [0, 2, 5],
  }),
  // Each is a change, and tells in its event when it was sent.
  patch: (_index, us) => ({ metadata: { alias: 'Seagull', description: stampText(us) } }),
  get: () => undefined,
};

function encode(kind: Kind, index: number, us: number): string {
  const body = BODIES[kind](index, us);
  const text = body ? JSON.stringify(body) : '';
  const content = body ? `Content-Type: application/json\r\nContent-Length: ${text.length}\r\n` : '';
  return `${PATHS[kind](index)} HTTP/1.1\r\nHost: bench\r\n${content}\r\n${text}`;
}

/** A kept connection that carries one request at a time. */
interface Line {
  /** Resolves with the answer's status. */
  ask(request: string): Promise<number>;
  end(): void;
}

function openLine(port: number): Promise<Line> {
  return new Promise((resolve, reject) => {
    let answer = '';
    let settle: ((status: number) => void) | undefined;
    const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.setEncoding('latin1');
    socket.on('error', reject);
    socket.on('close', () => settle?.(0));
    socket.on('data', (chunk: string) => {
      answer += chunk;
      const headEnd = answer.indexOf(HEAD_END);
      if (headEnd < 0) return;
      const length = Number(CONTENT_LENGTH.exec(answer.slice(0, headEnd + 2))?.[1] ?? 0);
      if (answer.length < headEnd + HEAD_END.length + length) return;
      const status = Number(answer.slice(9, 12));
      answer = '';
      settle?.(status);
    });
    socket.on('connect', () =>
      resolve({
        ask: (request) =>
          new Promise((answered) => {
            settle = answered;
            socket.write(request);
          }),
        end: () => socket.resetAndDestroy(),
      }),
    );
  });
}

export interface HttpRequest {
  readonly port: number;
  readonly kind: Kind;
  /** Requests under way at once; each connection has drones of its own, so that no two change one at a time. */
  readonly connections: number;
  readonly drones: number;
  /** Ends after so long. Default: after one request for each drone. */
  readonly seconds?: number;
  /** Requests per second. Default: one as soon as another is answered. */
  readonly rate?: number;
}

const commands = {
  async run({ port, kind, connections, drones, seconds, rate }: HttpRequest) {
    const lines = await Promise.all(Array.from({ length: connections }, () => openLine(port)));
    const times: number[] = [];
    let sent = 0;
    const refusals = new Map<number, number>();
    const startedAt = nowUs();
    const endsAt = seconds === undefined ? Number.POSITIVE_INFINITY : startedAt + seconds * 1e6;

    async function work(line: Line, lane: number): Promise<void> {
      for (let index = lane; ; index += connections) {
        if (index >= drones) {
          if (seconds === undefined) return;
          index = lane;
        }
        const wait = rate ? startedAt + (sent / rate) * 1e6 - nowUs() : 0;
        sent += 1;
        if (wait > 0) await pause(wait / 1000);
        const sentAt = nowUs();
        if (sentAt >= endsAt) return;
        const status = await line.ask(encode(kind, index, sentAt));
        if (status < 200 || status > 299) refusals.set(status, (refusals.get(status) ?? 0) + 1);
        times.push(sentAt, nowUs());
      }
    }
    await Promise.all(lines.map(work));
    for (const line of lines) line.end();
    return {
      /** Requests that were answered. */
      answered: times.length / 2,
      /** How many of them by status, if it is none of 2xx; 0 is a connection that broke. */
      refusals,
      elapsedUs: nowUs() - startedAt,
      /** Pairs of microseconds: sent, answered. */
      times: Float64Array.from(times),
    };
  },
};
export type HttpClientCommands = typeof commands;

serve(commands);
