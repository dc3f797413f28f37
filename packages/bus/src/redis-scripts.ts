import { createHash } from 'node:crypto';
import type { RedisClient } from './redis-client.js';

// Both scripts name every key they touch, and all keys share one hash tag, so that they also run on a cluster.

/**
 * Publishes outboxes: skips what each key has already published, appends the rest to the history and hands the very
 * same text, with its id in front, to the live feed.
 *
 * KEYS: stream, epoch, then the last published `seq` of each outbox.
 * ARGV: epoch to create, most events, most milliseconds of age; then per outbox: number of entries; per entry: seq, 1 if final, number of events; per event: channel, copy or '', body.
 */
export const PUBLISH = defineScript(`
local epoch = redis.call('GET', KEYS[2])
if not epoch then
  epoch = ARGV[1]
  redis.call('SET', KEYS[2], epoch)
end
local at = 4
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
        added = true
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
return 1
`);

/**
 * Reads the history's bounds and a page of it at one instant.
 *
 * KEYS: stream, epoch. ARGV: epoch to create, place to read after, number of events.
 * Returns epoch, floor, newest, entries as XRANGE gives them.
 */
export const READ = defineScript(`
local epoch = redis.call('GET', KEYS[2])
if not epoch then
  epoch = ARGV[1]
  redis.call('SET', KEYS[2], epoch)
end
local floor = '0-0'
local newest = '0-0'
local entries = {}
if redis.call('EXISTS', KEYS[1]) == 1 then
  local reply = redis.call('XINFO', 'STREAM', KEYS[1])
  local info = {}
  for i = 1, #reply, 2 do info[reply[i]] = reply[i + 1] end
  newest = info['last-generated-id']
  if info['entries-added'] > info['length'] then
    floor = info['first-entry'] and info['first-entry'][1] or newest
  end
  if ARGV[3] ~= '0' then
    entries = redis.call('XRANGE', KEYS[1], '(' .. ARGV[2], '+', 'COUNT', ARGV[3])
  end
end
return { epoch, floor, newest, entries }
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
