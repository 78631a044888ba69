-- KEYS entry, lease, state, tag declared…, tag known only from the result…, latest where it is marked
-- ARGV token, head, tail, ttlMs, tagTtlMs, sid and n of the acquire, nonce, wake channel, id, epoch and versions of the acquire…,
--      'v' where copies are kept elsewhere
-- OK state versions · LEASE, EPOCH, VERSION or DYNAMIC state
local token, head, tail, ttl, tagTtl, sid, position, nonce, channel, id, epoch = unpack(ARGV, 1, 11)
local marks = ARGV[#ARGV] == 'v' and 1 or 0
local declared = #ARGV - 11 - marks
local last = #KEYS - marks
position = tonumber(position)
local state = readState(KEYS[3])
local lease = readLease(KEYS[2])
if not lease or lease.token ~= token then return { 'LEASE', state and state.text or false } end

local function refused(reason)
  dropLease(KEYS[2], lease, channel, '1|w|refused|' .. id)
  return { reason, state and state.text or false }
end

if lease.n ~= position then return refused('LEASE') end
if not state or state.epoch ~= epoch or state.sid ~= sid then return refused('EPOCH') end

local versions = { epoch }
for i = 1, declared do
  local tag = readTag(KEYS[3 + i])
  if not tag or tag.version ~= ARGV[11 + i] then return refused('VERSION') end
  versions[1 + i] = tag.version
end

local lost, late = {}, false
for i = 4 + declared, last do
  local tag = readTag(KEYS[i])
  -- A number above the stream's was counted by an earlier stream, and says nothing of this one.
  if tag and tag.n <= state.n then
    if tag.n > position then late = true end
    versions[i - 2] = tag.version
  else
    if state.n ~= position then late = true end
    versions[i - 2] = newVersion(nonce)
    lost[i] = versions[i - 2]
  end
end

-- The entry is written before anything else, so that a full Redis refuses all of it.
local block = table.concat(versions)
if not late then redis.call('SET', KEYS[1], head .. block .. tail, 'PX', ttl) end
for i = 4 + declared, last do
  if lost[i] then writeTag(KEYS[i], lost[i], state.n, tagTtl) end
end
if late then return refused('DYNAMIC') end
for i = 4, last do liveAtLeast(KEYS[i], tagTtl) end
-- A copy with another stamp than this is of an earlier store, and no answer any more.
if marks == 1 then redis.call('SET', KEYS[#KEYS], string.sub(head, 5, 16), 'PX', ttl) end
dropLease(KEYS[2], lease, channel, '1|w|stored|' .. id)
return { 'OK', state.text, block }
