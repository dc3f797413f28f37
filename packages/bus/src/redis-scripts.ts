import { HISTORY } from './history-script.js';
import { defineScript } from './redis-script.js';

/**
 * Reads the history's bounds and a page of it at one instant. Events are fetched in small chunks, so that Redis never
 * holds much more than the page, whatever their sizes.
 *
 * KEYS: stream, epoch. ARGV: epoch to create, id to read after, most events, most bytes of their text.
 * Returns epoch, floor, newest, 1 if the id is known, entries as XRANGE gives them, at least one
 * if there is any; milliseconds since 1970.
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
local time = redis.call('TIME')
return { epoch, floor, newest, is_known(stream, after) and 1 or 0, read_page(), time[1] * 1000 + math.floor(time[2] / 1000) }
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
