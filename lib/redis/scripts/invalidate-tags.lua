-- KEYS state, tag… · ARGV nonce, tagTtlMs, channel, id of each tag… · the state, after the last of them
redis.call('DEL', unpack(KEYS, 2))
local state = readState(KEYS[1]) or newState(ARGV[1])
local version = newVersion(ARGV[1])
for i = 2, #KEYS do
  state.n = state.n + 1
  writeTag(KEYS[i], version, state.n, ARGV[2])
  publish(ARGV[3], 't', state, ARGV[1], ARGV[2 + i])
end
writeState(KEYS[1], state)
return state.text
