import { defineScript } from './redis-script.js';

/**
 * Bytes that Redis needs at most for an event, of the bytes of its text (field names included). Redis keeps a stream in
 * nodes of 4 KiB, or of one larger event; each costs up to 500 bytes beside its text, and its allocation may be a quarter
 * larger than what is in it. {@link TRIM} has the same formula.
 */
export const eventBytes = (textBytes: number): number =>
  Math.ceil(Math.min(1.5 * textBytes, 1.25 * textBytes + 1024)) + 64;

/**
 * Trims the history by count, by age and by bytes. A call does a bounded amount of work.
 *
 * Redis can't tell how many bytes a stream has without visiting all of it, so this counts what has been added since the
 * last call, whoever added it, and remembers in a list how much there was up to which event. That makes each call as
 * cheap as what was published since, and holds for publishers of earlier versions, which count nothing.
 *
 * The first write here is an XTRIM, which a full Redis does not refuse, so that none of the later ones is refused either:
 * this script must work when Redis is full. What it adds itself is about 50 bytes for 64 KiB of history.
 *
 * KEYS: stream, epoch, tally (hash: what has been counted in this epoch), marks (list: `id bytes`, the number of bytes that
 * had been added when the event with this id was). Without tally and marks, bytes don't count.
 * ARGV: most events, most milliseconds of age, most bytes.
 * Returns 1 if there is more to do.
 */
export const TRIM = defineScript(`
local stream, epoch_key, tally, marks = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local max_events, max_age, max_bytes = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])

local BYTES_BETWEEN_MARKS = 64 * 1024
-- Bounds of one call.
local MAX_COUNTED_BYTES, MAX_COUNTED_EVENTS = 2 * 1024 * 1024, 1000
local MAX_TRIMMED_BYTES = 16 * 1024 * 1024
local MAX_TRIMMED_EVENTS = 1000
-- XTRIM with ~ removes whole nodes, which have up to 100 events.
local NODE_EVENTS = 100

local function event_bytes(fields)
  local text = 0
  for _, field in ipairs(fields) do text = text + #field end
  return math.ceil(math.min(1.5 * text, 1.25 * text + 1024)) + 64
end

local now = redis.call('TIME')[1] * 1000
local oldest = string.format('%.0f', math.max(0, now - max_age))
local trimmed_events = redis.call('XTRIM', stream, 'MAXLEN', '~', max_events, 'LIMIT', MAX_TRIMMED_EVENTS)
  + redis.call('XTRIM', stream, 'MINID', '~', oldest, 'LIMIT', MAX_TRIMMED_EVENTS)
local is_trimmed = trimmed_events < MAX_TRIMMED_EVENTS - NODE_EVENTS
if not tally then return is_trimmed and 0 or 1 end

local epoch = redis.call('GET', epoch_key) or ''
local known = redis.call('HMGET', tally, 'epoch', 'counted-to', 'added', 'marked', 'trimmed')
if known[1] ~= epoch then
  redis.call('UNLINK', tally, marks)
  known = {}
end
local counted_to = known[2] or '0-0'
-- Bytes since the epoch began: of all events, up to the last mark, and up to the last event that is gone.
local added, marked, trimmed = tonumber(known[3] or 0), tonumber(known[4] or 0), tonumber(known[5] or 0)

local max_added = added + MAX_COUNTED_BYTES
local counted_events = 0
local is_counted = false
while not is_counted and added < max_added and counted_events < MAX_COUNTED_EVENTS do
  local chunk = redis.call('XRANGE', stream, '(' .. counted_to, '+', 'COUNT', 16)
  for _, entry in ipairs(chunk) do
    counted_to = entry[1]
    added = added + event_bytes(entry[2])
    if added - marked >= BYTES_BETWEEN_MARKS then
      redis.call('RPUSH', marks, string.format('%s %.0f', counted_to, added))
      marked = added
    end
  end
  counted_events = counted_events + #chunk
  is_counted = #chunk < 16
end

-- The oldest marks may be of events that count and age have trimmed: then there is nothing left to trim at them.
local was_trimmed = trimmed
local cut = false
local is_within = false
while not is_within and trimmed - was_trimmed < MAX_TRIMMED_BYTES do
  local mark = added - trimmed > max_bytes and redis.call('LPOP', marks)
  if mark then
    local id, bytes = string.match(mark, '(%S+) (%d+)')
    cut, trimmed = id, tonumber(bytes)
  else
    is_within = true
  end
end
if cut then
  local ms, n = string.match(cut, '(%d+)-(%d+)')
  redis.call('XTRIM', stream, 'MINID', string.format('%s-%.0f', ms, n + 1))
end
if counted_events > 0 or trimmed > was_trimmed then
  local function whole(number) return string.format('%.0f', number) end
  redis.call('HSET', tally, 'epoch', epoch, 'counted-to', counted_to,
    'added', whole(added), 'marked', whole(marked), 'trimmed', whole(trimmed))
end
return (is_trimmed and is_counted and is_within) and 0 or 1
`);
