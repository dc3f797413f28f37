import { showAnswer } from './answer.js';
import { createFrameList } from './frame-list.js';
import { createLiveSocket } from './live-socket.js';
import { DEVICE_CATEGORIES, KINDS, SERIAL_NUMBER_PATTERN } from './protocol.js';

const byId = (id) => document.getElementById(id);
const SERIAL_NUMBER = new RegExp(SERIAL_NUMBER_PATTERN);

for (const kind of KINDS) {
  const label = document.createElement('label');
  const box = document.createElement('input');
  box.type = 'checkbox';
  box.name = 'events';
  box.value = kind;
  label.append(box, kind);
  byId('kinds').append(label);
}
for (const category of DEVICE_CATEGORIES) byId('register-category').append(new Option(category));
// A phone shows the frames without much scrolling; a wide page has room for all forms.
const isWide = matchMedia('(min-width: 60rem)').matches;
for (const details of document.querySelectorAll('details.card')) details.open = isWide;

const frames = createFrameList({
  list: byId('frames'),
  count: byId('count'),
  empty: byId('empty'),
  announcement: byId('announcement'),
});

const live = createLiveSocket({
  onState(name, text) {
    const state = byId('state');
    state.dataset.state = name;
    state.textContent = text;
    byId('disconnect').disabled = name === 'closed';
  },
  onFrame(text, frame) {
    if (frame?.event !== 'relay.heartbeat') frames.add(text, frame);
  },
});

const namesIn = (text) =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);

/** The server refuses a wrong name before the upgrade, which a browser shows no reason for. */
const isName = (name) => SERIAL_NUMBER.test(name.replace(/\*$/, 'x'));

byId('sn').addEventListener('input', ({ target }) => {
  const wrong = namesIn(target.value).find((name) => !isName(name));
  target.setCustomValidity(
    wrong === undefined ? '' : `${wrong} is no serial number and no prefix like DRN-*`,
  );
});

byId('connection').addEventListener('submit', (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  const filter = new URLSearchParams();
  const names = namesIn(form.get('sn'));
  if (names.length > 0) filter.set('sn', names.join(','));
  const kinds = form.getAll('events');
  if (kinds.length > 0) filter.set('events', kinds.join(','));
  live.connect(filter);
});

byId('disconnect').addEventListener('click', () => live.close());
byId('clear').addEventListener('click', () => frames.clear());

byId('register').addEventListener('submit', async (event) => {
  event.preventDefault();
  const drone = Object.fromEntries(new FormData(event.target));
  const ok = await showAnswer(event.target, 'POST', '/api/v1/drones/register', JSON.stringify(drone));
  if (ok) byId('change-sn').value = drone.deviceSerialNumber;
});

byId('change').addEventListener('submit', (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  const url = `/api/v1/drones/sn/${encodeURIComponent(form.get('sn'))}`;
  showAnswer(event.target, 'PATCH', url, form.get('body'));
});
