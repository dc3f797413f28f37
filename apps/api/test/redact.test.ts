import t from 'tap';
import { maskUrl, redactChanges, toPublic, withoutPassword } from '../src/drone/redact.js';
import { fullDrone } from './samples.js';

const drone = fullDrone('DRN-1');

t.test('user info of a URL is masked', async (t) => {
  const masked: [string, string][] = [
    ['rtsp://pilot:sesame@cam:554/live', 'rtsp://***@cam:554/live'],
    ['rtsp://pilot@cam', 'rtsp://***@cam'],
    ['RTSPS://:sesame@[::1]/live?a=1#b', 'RTSPS://***@[::1]/live?a=1#b'],
    ['srt+udp://pilot:ses@me@cam/', 'srt+udp://***@cam/'],
    ['https://pilot:%40%2F@cam/@path', 'https://***@cam/@path'],
    ['rtsp://pilot:ses?me@cam/live', 'rtsp://***@cam/live'],
    ['rtsp://pilot:ses#me@cam/live', 'rtsp://***@cam/live'],
    [' rtsp://pilot:sesame@cam/', ' rtsp://***@cam/'],
    ['//pilot:sesame@cam/', '//***@cam/'],
    ['https://hub/whep?src=rtsp://pilot:sesame@cam/1', 'https://hub/whep?src=rtsp://***@cam/1'],
    ['rtsp://a:b@one/ rtsp://c:d@two/', 'rtsp://***@one/ rtsp://***@two/'],
  ];
  for (const [url, expected] of masked) t.equal(maskUrl(url), expected, url);
});

t.test('other text stays as it is', async (t) => {
  for (const text of [
    '',
    'rtsp://cam:554/live',
    'rtsp://cam/live@noon',
    'https://cam/live?mail=ops@example.com',
    'mailto:ops@example.com',
    'http://[::1]:8080/',
    'not a URL @ all',
  ]) {
    t.equal(maskUrl(text), text);
  }
});

t.test('masking takes time in proportion to the text', async (t) => {
  for (const text of [
    '//'.repeat(100_000),
    'a://'.repeat(50_000),
    '@'.repeat(200_000),
    `//${'a'.repeat(200_000)}`,
  ]) {
    t.equal(maskUrl(text), text);
  }
});

t.test('the public drone has no credentials', async (t) => {
  const { streamCredentials, ...rest } = drone;
  t.strictSame(toPublic(drone), {
    ...rest,
    streamUrl: 'rtsp://***@10.0.0.7:8554/live?profile=1',
    webRTCUrl: 'https://***@media.example.com/whep',
  });
  t.equal(streamCredentials.password, 'sesame');
});

t.test('without the password, the rest of the credentials is there', async (t) => {
  t.strictSame(withoutPassword(drone), {
    ...toPublic(drone),
    streamCredentials: { userName: 'pilot', port: '9554' },
  });
});

t.test('a change of credentials shows that there was one', async (t) => {
  t.strictSame(redactChanges({ streamCredentials: { password: 'open' } }), {
    streamCredentials: '[redacted]',
  });
  t.strictSame(redactChanges({ streamUrl: drone.streamUrl, webRTCUrl: '', deviceName: 'a' }), {
    deviceName: 'a',
    streamUrl: 'rtsp://***@10.0.0.7:8554/live?profile=1',
    webRTCUrl: '',
  });
  t.strictSame(redactChanges({}), {});
});
