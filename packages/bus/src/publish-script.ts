import { SYSTEM_BROADCAST_CHANNEL } from '@dronecast/events';
import { MAX_BROADCASTS, MAX_BROADCASTS_BYTES } from './event-bus.js';
import { HISTORY } from './history-script.js';
import { defineScript } from './redis-script.js';

/**
 * Publishes outboxes: appends what is new to the history and hands the very same text, with its id in front, to the live
 * feed. When the history lacks the event that this publisher published last, events have been lost, and a new epoch begins.
 *
 * Of each outbox the script keeps the `seq` that it published last, and the names of the last few commits. `./order.ts` says
 * in TypeScript how it judges by them whether an outbox is next; the two must agree, and one contract suite tests both.
 *
 * All that can be refused is refused before the first write: an event that a user may not publish must not stop the script
 * half way, because what it had written by then would be published again at each retry.
 *
 * An id is the time in ms and a number that grows by `step`, which is random. So an event that a failover lost never has the
 * id of another one, although the new master's clock may be slower: whoever saw the lost one is told.
 *
 * A broadcast also goes to the front of a list of its own, so that the last ones can be read without a scan of the history.
 *
 * KEYS: stream, epoch; then, of each outbox with a key: its last published seq, the names of its last commits; at last the
 * list of broadcasts, if there is one in the call and it is to be kept.
 * ARGV: epoch to create, epoch and id of what this publisher published last, step; then per outbox: `tail` or `whole`, the
 * database's last seq or '', what had been published when the outbox was behind or '', seconds after which to forget the outbox or '', 1 if it has a key, number of entries; per entry:
 * seq, name or '', number of events; per event: channel, copy or '', body.
 * Returns epoch, id of the last event or '', 1 if this user may publish all copies, and of each outbox that is not next its
 * index (from 0) and the last published seq.
 */
export const PUBLISH = defineScript(`${HISTORY}
local stream, epoch_key = KEYS[1], KEYS[2]
local new_epoch, last_epoch, last_id, step = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local MAX_NAMES = 4

local at, next_key = 5, 3
local function next_arg()
  at = at + 1
  return ARGV[at - 1]
end

local function read_entry()
  local entry = { seq = tonumber(next_arg()), name = next_arg(), events = {} }
  for i = 1, tonumber(next_arg()) do
    local channel, copy, body = next_arg(), next_arg(), next_arg()
    entry.events[i] = { channel = channel, copy = copy, body = body }
  end
  return entry
end

local function read_outbox()
  local outbox = { is_tail = next_arg() == 'tail', head = tonumber(next_arg()), behind = tonumber(next_arg()) }
  local has_key
  outbox.ttl, has_key, outbox.entries = next_arg(), next_arg(), {}
  if has_key == '1' then
    outbox.seq_key, outbox.names_key = KEYS[next_key], KEYS[next_key + 1]
    next_key = next_key + 2
  end
  for i = 1, tonumber(next_arg()) do outbox.entries[i] = read_entry() end
  return outbox
end

local outboxes = {}
while at <= #ARGV do outboxes[#outboxes + 1] = read_outbox() end
local broadcasts = KEYS[next_key]

local allowed = {}
local function may_publish(channel)
  if allowed[channel] == nil then allowed[channel] = redis.acl_check_cmd('PUBLISH', channel, '') end
  return allowed[channel]
end

local may_copy = 1
for _, outbox in ipairs(outboxes) do
  for _, entry in ipairs(outbox.entries) do
    for _, event in ipairs(entry.events) do
      if not may_publish(event.channel) then
        return redis.error_reply('NOPERM this user may not publish to the channel ' .. event.channel)
      end
      if event.copy ~= '' and not may_publish(event.copy) then
        event.copy = ''
        may_copy = 0
      end
    end
  end
end

if broadcasts then
  local commands = { { 'TYPE' }, { 'LPUSH', '' }, { 'LRANGE', '0', '0' }, { 'LTRIM', '0', '0' } }
  for _, command in ipairs(commands) do
    if not redis.acl_check_cmd(command[1], broadcasts, unpack(command, 2)) then
      return redis.error_reply('NOPERM this user may not ' .. command[1] .. ' the list of broadcasts')
    end
  end
  local kind = redis.call('TYPE', broadcasts).ok
  if kind ~= 'list' and kind ~= 'none' then
    return redis.error_reply('WRONGTYPE ' .. broadcasts .. ' holds a ' .. kind .. ' instead of the list of broadcasts')
  end
end

local epoch = redis.call('GET', epoch_key)
if not epoch or (epoch == last_epoch and not is_known(stream, last_id)) then
  epoch = begin_epoch(stream, epoch_key, new_epoch)
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local _, newest = bounds(stream)
local newest_ms, newest_n = string.match(newest, '(%d+)-(%d+)')
local id_ms, id_n = tonumber(newest_ms), tonumber(newest_n)
local added = ''

local function append(event)
  if now > id_ms then
    id_ms, id_n = now, step
  else
    id_n = id_n + (added == '' and step or 1)
  end
  local id = string.format('%.0f-%.0f', id_ms, id_n)
  added = redis.call('XADD', stream, id, 'channel', event.channel, 'event', event.body)
  local frame = '{"id":"' .. epoch .. '.' .. added .. '",' .. string.sub(event.body, 2)
  redis.call('PUBLISH', event.channel, frame)
  if event.copy ~= '' then redis.call('PUBLISH', event.copy, frame) end
  if broadcasts and event.channel == '${SYSTEM_BROADCAST_CHANNEL}' then redis.call('LPUSH', broadcasts, frame) end
end

-- The newest one is kept whatever its size.
local function trim_broadcasts()
  local bytes, kept = 0, 0
  for index, frame in ipairs(redis.call('LRANGE', broadcasts, 0, ${MAX_BROADCASTS - 1})) do
    bytes = bytes + #frame
    if index > 1 and bytes > ${MAX_BROADCASTS_BYTES} then break end
    kept = index
  end
  if kept > 0 then redis.call('LTRIM', broadcasts, 0, kept - 1) end
end

local function read_published(outbox)
  local published = { seq = 0, names = {} }
  if not outbox.seq_key then return published end
  published.seq = tonumber(redis.call('GET', outbox.seq_key) or '0')
  local names = redis.call('GET', outbox.names_key) or ''
  for seq, name in string.gmatch(names, '(%d+):(%S+)') do published.names[tonumber(seq)] = name end
  return published
end

-- See judge in ./order.ts.
local function judge(outbox, published)
  local first, last = outbox.entries[1], outbox.entries[#outbox.entries]
  local has_forgotten = outbox.head and outbox.behind
    and outbox.head < outbox.behind and outbox.behind <= published.seq
  for _, entry in ipairs(outbox.entries) do
    local name = entry.seq <= published.seq and published.names[entry.seq]
    if name and entry.name ~= '' and entry.name ~= name then has_forgotten = true end
  end
  if has_forgotten then return 'forgotten' end
  if outbox.is_tail and first.seq > published.seq + 1 then return 'behind' end
  local is_certain = outbox.behind ~= nil or last.name == '' or published.names[last.seq] ~= nil
  if last.seq < published.seq and not is_certain then return 'behind' end
  return 'next'
end

local function keep(outbox, published)
  local names = {}
  for seq = published.seq, published.seq - MAX_NAMES + 1, -1 do
    if published.names[seq] then names[#names + 1] = string.format('%.0f:%s', seq, published.names[seq]) end
  end
  local ttl = {}
  if outbox.ttl ~= '' then ttl = { 'EX', outbox.ttl } end
  redis.call('SET', outbox.seq_key, string.format('%.0f', published.seq), unpack(ttl))
  redis.call('SET', outbox.names_key, table.concat(names, ' '), unpack(ttl))
end

local behind = {}
for index, outbox in ipairs(outboxes) do
  local published = read_published(outbox)
  local verdict = #outbox.entries == 0 and 'behind' or judge(outbox, published)
  if verdict == 'forgotten' then
    -- Once a call: what this call has published in the new epoch must stay.
    if epoch ~= new_epoch then epoch = begin_epoch(stream, epoch_key, new_epoch) end
    redis.call('UNLINK', outbox.seq_key, outbox.names_key)
    published = { seq = 0, names = {} }
    verdict = outbox.is_tail and outbox.entries[1].seq > 1 and 'behind' or 'next'
  end
  if verdict == 'behind' then
    if #outbox.entries > 0 then behind[#behind + 1] = { index - 1, published.seq } end
  else
    local before = published.seq
    for _, entry in ipairs(outbox.entries) do
      if entry.seq > published.seq then
        for _, event in ipairs(entry.events) do append(event) end
        published.seq = entry.seq
        published.names[entry.seq] = entry.name ~= '' and entry.name or nil
      end
    end
    if outbox.seq_key and published.seq > before then keep(outbox, published) end
  end
end
if broadcasts and added ~= '' then trim_broadcasts() end
return { epoch, added, may_copy, behind }
`);
