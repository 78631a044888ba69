-- KEYS entry, lease, state, tag…
-- ARGV nonce, head, tail, ttlMs, tagTtlMs, the server's microsecond from which on only to invalidate or '', channel, id
-- OK state versions · LATE state
local nonce, head, tail, ttl, tagTtl, notAfter, channel, id = unpack(ARGV)
redis.call('DEL', KEYS[1], KEYS[2])
local state = readState(KEYS[3]) or newState(nonce)
state.n = state.n + 1
writeState(KEYS[3], state)
publish(channel, 'k', state, nonce, id)
-- A value that was given up on long ago and arrives only now would replace what others have stored since.
if notAfter ~= '' and micros() >= tonumber(notAfter) then return { 'LATE', state.text } end

local versions = { state.epoch }
for i = 4, #KEYS do
  local tag = readTag(KEYS[i])
  if tag then
    versions[i - 2] = tag.version
    liveAtLeast(KEYS[i], tagTtl)
  else
    versions[i - 2] = newVersion(nonce)
    writeTag(KEYS[i], versions[i - 2], state.n, tagTtl)
  end
end
local block = table.concat(versions)
redis.call('SET', KEYS[1], head .. block .. tail, 'PX', ttl)
return { 'OK', state.text, block }
