-- KEYS state · ARGV nonce, channel · the state
local state = readState(KEYS[1])
redis.call('DEL', KEYS[1])
state = state or newState(ARGV[1])
state.epoch = newVersion(ARGV[1])
state.n = state.n + 1
writeState(KEYS[1], state)
publish(ARGV[2], 'c', state, ARGV[1], '')
return state.text
