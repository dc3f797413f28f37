import type { EventMessage } from '@dronecast/events';

/** The PUBLISH script of the version that trimmed in XADD, by count and age alone, and counted no bytes. */
const PREVIOUS_PUBLISH = `local function is_before(a, b)
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
`;

/** Publishes one entry as an API of that version does. */
export async function publishAsBefore(
  client: { eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown> },
  { seq, key = 'OLD', events }: { seq: number; key?: string; events: readonly EventMessage[] },
): Promise<void> {
  const texts = events.flatMap(({ channel, body }) => [channel, '', body]);
  await client.eval(PREVIOUS_PUBLISH, {
    keys: ['{dronecast}:events', '{dronecast}:epoch', `{dronecast}:seq:${key}`],
    arguments: [
      '0ld',
      '100000',
      '86400000',
      '',
      '0-0',
      '1',
      String(seq),
      '0',
      String(events.length),
      ...texts,
    ],
  });
}
