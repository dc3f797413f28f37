/** Older frames are forgotten, so that the page can stay open. */
const MAX_FRAMES = 500;
/** Screen readers hear a summary this often at most. */
const ANNOUNCE_MS = 3000;

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hour12: false });

/** All text goes in by `textContent`: whatever a frame holds stays text. */
function element(tag, className, text = '') {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
}

function toRow({ text, frame, receivedAt }) {
  const row = document.createElement('li');
  const details = document.createElement('details');
  const summary = document.createElement('summary');
  const ms = String(receivedAt.getMilliseconds()).padStart(3, '0');
  const time = element('time', 'time', `${clock.format(receivedAt)}.${ms}`);
  time.dateTime = receivedAt.toISOString();
  const name = element('span', 'event', frame?.event ?? (frame?.foreign ? 'foreign' : 'unknown'));
  const channel = element('span', 'channel', frame?.channel ?? summarize(frame));
  const revision = element('span', 'revision', frame?.revision === undefined ? '' : `rev ${frame.revision}`);
  summary.append(time, name, channel, revision);
  row.dataset.kind = frame?.type === 'relay' ? frame.event : String(frame?.channel).split(':').at(-1);
  const body = element('pre', 'json');
  body.tabIndex = 0;
  details.addEventListener('toggle', () => {
    body.textContent = details.open ? pretty(text, frame) : '';
  });
  details.append(summary, body);
  row.append(details);
  return row;
}

/** What a relay's own frame is about; it has no channel. */
const summarize = (frame) => frame?.data?.reason ?? frame?.data?.message ?? '';

const pretty = (text, frame) => (frame === undefined ? text : JSON.stringify(frame, null, 2));

/** A list of frames, newest first. A burst is drawn once per animation frame. */
export function createFrameList({ list, count, empty, announcement }) {
  let waiting = [];
  let total = 0;
  let unannounced = 0;
  let drawing = 0;
  let announcing;

  function draw() {
    drawing = 0;
    const rows = waiting.map(toRow).reverse();
    waiting = [];
    list.prepend(...rows);
    while (list.children.length > MAX_FRAMES) list.lastElementChild.remove();
    tell();
  }

  function tell() {
    const shown = list.children.length;
    empty.hidden = shown > 0;
    if (total === 0) count.textContent = 'none yet';
    else count.textContent = total > shown ? `newest ${shown} of ${total}` : `${total}`;
  }

  function announce() {
    announcing = undefined;
    announcement.textContent = `${unannounced} new ${unannounced === 1 ? 'frame' : 'frames'}`;
    unannounced = 0;
  }

  return {
    add(text, frame) {
      total += 1;
      unannounced += 1;
      waiting.push({ text, frame, receivedAt: new Date() });
      // A page in the background is not drawn, and must not collect meanwhile.
      if (waiting.length > MAX_FRAMES) waiting.shift();
      if (drawing === 0) drawing = requestAnimationFrame(draw);
      if (announcing === undefined) announcing = setTimeout(announce, ANNOUNCE_MS);
    },
    clear() {
      waiting = [];
      total = 0;
      list.replaceChildren();
      tell();
    },
  };
}
