import { createHash } from 'node:crypto';
import type { RedisClient } from './redis-link.js';

// Both scripts name every key they touch, and all keys share one hash tag, so that they also run on a cluster.

/** What both scripts know of the history. `place` and the others are stream ids. */
const HISTORY = `
local function is_before(a, b)
  local a_ms, a_n = string.match(a, '(%d+)-(%d+)')
  local b_ms, b_n = string.match(b, '(%d+)-(%d+)')
  a_ms, b_ms = tonumber(a_ms), tonumber(b_ms)
  return a_ms < b_ms or (a_ms == b_ms and tonumber(a_n) < tonumber(b_n))
end

-- All that came after floor is there; newest is the last event's place.
local function bounds(stream)
  if redis.call('EXISTS', stream) == 0 then return '0-0', '0-0' end
  local reply = redis.call('XINFO', 'STREAM', stream)
  local info = {}
  for i = 1, #reply, 2 do info[reply[i]] = reply[i + 1] end
  local newest = info['last-generated-id']
  if info['entries-added'] == info['length'] then return '0-0', newest end
  return info['first-entry'] and info['first-entry'][1] or newest, newest
end

-- False for a place that should be in this history and is not: it is of one that a failover has lost.
local function is_known(stream, place)
  if place == '0-0' or #redis.call('XRANGE', stream, place, place) == 1 then return true end
  local floor, newest = bounds(stream)
  return not is_before(newest, place) and not is_before(floor, place)
end

local function new_life(stream, epoch_key, epoch)
  redis.call('DEL', stream)
  redis.call('SET', epoch_key, epoch)
  return epoch
end
`;

/**
 * Publishes outboxes: skips what each key has already published, appends the rest to the history and hands the very
 * same text, with its id in front, to the live feed. A publisher is a witness of what it published last: a history that
 * lacks it has lost events, and gives way to a new one.
 *
 * KEYS: stream, epoch, then the last published `seq` of each outbox.
 * ARGV: epoch to create, most events, most milliseconds of age, epoch and place of what the publisher published last;
 * then per outbox: number of entries; per entry: seq, 1 if final, number of events; per event: channel, copy or '', body.
 * Returns epoch and place of the last event, or nothing when all was published before.
 */
export const PUBLISH = defineScript(`${HISTORY}
local epoch = redis.call('GET', KEYS[2])
if not epoch or (epoch == ARGV[4] and not is_known(KEYS[1], ARGV[5])) then
  epoch = new_life(KEYS[1], KEYS[2], ARGV[1])
end
local at = 6
local added = false
for k = 3, #KEYS do
  local last = tonumber(redis.call('GET', KEYS[k]) or '0')
  local before = last
  local final = false
  local entries = tonumber(ARGV[at])
  at = at + 1
  for _ = 1, entries do
    local seq = tonumber(ARGV[at])
    local is_new = seq > last
    local events = tonumber(ARGV[at + 2])
    if is_new then
      last = seq
      final = ARGV[at + 1] == '1'
    end
    at = at + 3
    for _ = 1, events do
      if is_new then
        local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], '*', 'channel', ARGV[at], 'event', ARGV[at + 2])
        local frame = '{"id":"' .. epoch .. '.' .. id .. '",' .. string.sub(ARGV[at + 2], 2)
        redis.call('PUBLISH', ARGV[at], frame)
        if ARGV[at + 1] ~= '' then redis.call('PUBLISH', ARGV[at + 1], frame) end
        added = id
      end
      at = at + 3
    end
  end
  if last > before then
    if final then
      redis.call('SET', KEYS[k], last, 'EX', 86400)
    else
      redis.call('SET', KEYS[k], last)
    end
  end
end
if added then
  local now = redis.call('TIME')[1] * 1000
  redis.call('XTRIM', KEYS[1], 'MINID', '~', string.format('%.0f', math.max(0, now - ARGV[3])))
end
return added and { epoch, added } or nil
`);

/**
 * Reads the history's bounds and a page of it at one instant.
 *
 * KEYS: stream, epoch. ARGV: epoch to create, place to read after, number of events.
 * Returns epoch, floor, newest, 1 if the place is known, entries as XRANGE gives them.
 */
export const READ = defineScript(`${HISTORY}
local epoch = redis.call('GET', KEYS[2]) or new_life(KEYS[1], KEYS[2], ARGV[1])
local floor, newest = bounds(KEYS[1])
local entries = {}
if ARGV[3] ~= '0' then entries = redis.call('XRANGE', KEYS[1], '(' .. ARGV[2], '+', 'COUNT', ARGV[3]) end
return { epoch, floor, newest, is_known(KEYS[1], ARGV[2]) and 1 or 0, entries }
`);

/** KEYS: stream, epoch. ARGV: epoch to create, the one that it replaces. */
export const RENEW = defineScript(`${HISTORY}
if redis.call('GET', KEYS[2]) == ARGV[2] then new_life(KEYS[1], KEYS[2], ARGV[1]) end
return 1
`);

/** Takes a lease that is free, or keeps one's own. KEYS: lease. ARGV: holder, milliseconds. */
export const LEASE = defineScript(`
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`);

export interface Script {
  readonly text: string;
  readonly sha: string;
}

function defineScript(text: string): Script {
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}

/** Runs a script by its digest; sends the text only to a server that does not know it yet. */
export async function runScript(
  client: RedisClient,
  script: Script,
  keys: string[],
  args: string[],
): Promise<unknown> {
  const options = { keys, arguments: args };
  try {
    return await client.evalSha(script.sha, options);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return await client.eval(script.text, options);
  }
}
