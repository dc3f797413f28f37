import { defineScript } from './redis-script.js';

/** What PUBLISH, READ and RENEW know of the history. */
const HISTORY = `
local function is_before(a, b)
  local a_ms, a_n = string.match(a, '(%d+)-(%d+)')
  local b_ms, b_n = string.match(b, '(%d+)-(%d+)')
  a_ms, b_ms = tonumber(a_ms), tonumber(b_ms)
  return a_ms < b_ms or (a_ms == b_ms and tonumber(a_n) < tonumber(b_n))
end

-- All events after floor are in the stream; newest is the last event's id.
local function bounds(stream)
  if redis.call('EXISTS', stream) == 0 then return '0-0', '0-0' end
  local reply = redis.call('XINFO', 'STREAM', stream)
  local info = {}
  for i = 1, #reply, 2 do info[reply[i]] = reply[i + 1] end
  local newest = info['last-generated-id']
  if info['entries-added'] == info['length'] then return '0-0', newest end
  return info['first-entry'] and info['first-entry'][1] or newest, newest
end

-- False for an id that should be in this history and is not: a failover has lost it.
local function is_known(stream, id)
  if id == '0-0' or #redis.call('XRANGE', stream, id, id) == 1 then return true end
  local floor, newest = bounds(stream)
  return not is_before(newest, id) and not is_before(floor, id)
end

-- SET comes first because a full Redis refuses it, before anything is lost.
local function begin_epoch(stream, epoch_key, epoch)
  redis.call('SET', epoch_key, epoch)
  redis.call('UNLINK', stream)
  return epoch
end
`;

/**
 * Publishes outboxes: skips what each key has already published, appends the rest to the history and hands the very
 * same text, with its id in front, to the live feed. When the history lacks the event that this publisher published
 * last, events have been lost, and a new epoch begins.
 *
 * KEYS: stream, epoch, then the last published `seq` of each outbox.
 * ARGV: epoch to create, epoch and id of what the publisher published last; then per outbox: number of entries; per
 * entry: seq, 1 if final, number of events; per event: channel, copy or '', body.
 * Returns epoch and id of the last event, or nothing when all was published before.
 */
export const PUBLISH = defineScript(`${HISTORY}
local stream, epoch_key = KEYS[1], KEYS[2]
local new_epoch, last_epoch, last_id = ARGV[1], ARGV[2], ARGV[3]

local epoch = redis.call('GET', epoch_key)
if not epoch or (epoch == last_epoch and not is_known(stream, last_id)) then
  epoch = begin_epoch(stream, epoch_key, new_epoch)
end
local at = 4
local function next_arg()
  at = at + 1
  return ARGV[at - 1]
end
local added = false
for k = 3, #KEYS do
  local before = tonumber(redis.call('GET', KEYS[k]) or '0')
  local last = before
  local is_final = false
  for _ = 1, tonumber(next_arg()) do
    local seq, final, events = tonumber(next_arg()), next_arg(), tonumber(next_arg())
    local is_new = seq > last
    if is_new then
      last = seq
      is_final = final == '1'
    end
    for _ = 1, events do
      local channel, copy, body = next_arg(), next_arg(), next_arg()
      if is_new then
        added = redis.call('XADD', stream, '*', 'channel', channel, 'event', body)
        local frame = '{"id":"' .. epoch .. '.' .. added .. '",' .. string.sub(body, 2)
        redis.call('PUBLISH', channel, frame)
        if copy ~= '' then redis.call('PUBLISH', copy, frame) end
      end
    end
  end
  if last > before then
    if is_final then
      redis.call('SET', KEYS[k], last, 'EX', 86400)
    else
      redis.call('SET', KEYS[k], last)
    end
  end
end
return added and { epoch, added } or nil
`);

/**
 * Reads the history's bounds and a page of it at one instant. Events are fetched in small chunks, so that Redis never
 * holds much more than the page, whatever their sizes.
 *
 * KEYS: stream, epoch. ARGV: epoch to create, id to read after, most events, most bytes of their text.
 * Returns epoch, floor, newest, 1 if the id is known, entries as XRANGE gives them: at least one if there is any.
 */
export const READ = defineScript(`${HISTORY}
local stream, epoch_key = KEYS[1], KEYS[2]
local new_epoch, after, max_events, max_bytes = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])

-- As many events as probably fit, judged by those before them; never more than 16.
local function chunk_size(events, bytes)
  if events == 0 then return 1 end
  return math.min(16, max_events - events, math.max(1, math.floor((max_bytes - bytes) * events / bytes)))
end

local function read_page()
  local page, bytes, last = {}, 0, after
  while #page < max_events do
    local chunk = redis.call('XRANGE', stream, '(' .. last, '+', 'COUNT', chunk_size(#page, bytes))
    if #chunk == 0 then return page end
    for _, entry in ipairs(chunk) do
      for _, text in ipairs(entry[2]) do bytes = bytes + #text end
      if #page > 0 and bytes > max_bytes then return page end
      page[#page + 1] = entry
      last = entry[1]
    end
  end
  return page
end

local epoch = redis.call('GET', epoch_key) or begin_epoch(stream, epoch_key, new_epoch)
local floor, newest = bounds(stream)
return { epoch, floor, newest, is_known(stream, after) and 1 or 0, read_page() }
`);

/** KEYS: stream, epoch. ARGV: epoch to create, the one that it replaces. */
export const RENEW = defineScript(`${HISTORY}
local stream, epoch_key = KEYS[1], KEYS[2]
local new_epoch, old_epoch = ARGV[1], ARGV[2]

if redis.call('GET', epoch_key) == old_epoch then begin_epoch(stream, epoch_key, new_epoch) end
return 1
`);

/** Takes a lease that is free, or keeps one's own. KEYS: lease. ARGV: holder, milliseconds. Returns 1 if it has it. */
export const LEASE = defineScript(`
local lease = KEYS[1]
local holder, ms = ARGV[1], ARGV[2]

local other = redis.call('GET', lease)
if other and other ~= holder then return 0 end
redis.call('SET', lease, holder, 'PX', ms)
return 1
`);
