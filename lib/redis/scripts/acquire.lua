-- KEYS entry, lease, state, tag…
-- ARGV token, leaseMs, the stamp of the entry that the reader saw or '', nonce, tagTtlMs
-- NOSTATE · ENTRY state entry record… · BUSY state pttl · WON state record…
local token, leaseMs, seen, nonce, tagTtl = unpack(ARGV)
local state = readState(KEYS[3])
if not state then return { 'NOSTATE' } end

local stamp = redis.pcall('GETRANGE', KEYS[1], 4, 15)
if type(stamp) == 'string' and stamp ~= '' and stamp ~= seen then
  local reply = { 'ENTRY', state.text, read(KEYS[1]) }
  for i = 4, #KEYS do
    local tag = readTag(KEYS[i])
    reply[i] = tag and tag.text or false
  end
  return reply
end

local lease = readLease(KEYS[2])
-- One of an earlier stream stores nothing any more, and ends by the clock of another server.
if lease and lease.sid ~= state.sid then lease = nil end
local left = lease and redis.call('PTTL', KEYS[2])
if lease and lease.token ~= token and left >= 0 then
  -- A full Redis refuses the mark; then nobody is woken, and who waits finds out by reading again.
  if lease.contended == '0' then redis.pcall('SETRANGE', KEYS[2], 24, '1') end
  return { 'BUSY', state.text, left }
end

-- Taken again by the same token it counts from now: a delivery that comes late ends the load it was first taken for.
local contended = lease and lease.token == token and lease.contended or '0'
redis.call('SET', KEYS[2], token .. contended .. state.sid .. '|' .. digits(state.n), 'PX', leaseMs)
local reply = { 'WON', state.text }
for i = 4, #KEYS do
  local tag = readTag(KEYS[i])
  if tag then
    liveAtLeast(KEYS[i], tagTtl)
    reply[i - 1] = tag.text
  else
    -- The present number, not 0: the lost record may have been of an invalidation that is later than somebody's load.
    reply[i - 1] = writeTag(KEYS[i], newVersion(nonce), state.n, tagTtl)
  end
end
return reply
