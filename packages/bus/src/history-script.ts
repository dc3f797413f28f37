/** What PUBLISH, READ and RENEW know of the history. */
export const HISTORY = `
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
