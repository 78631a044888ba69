-- KEYS entry, lease, state, latest · ARGV nonce, channel, id · the state
-- A full Redis refuses a script whose first write may grow it, and not one that begins with DEL.
redis.call('DEL', KEYS[1], KEYS[2], KEYS[4])
local state = readState(KEYS[3]) or newState(ARGV[1])
state.n = state.n + 1
writeState(KEYS[3], state)
publish(ARGV[2], 'k', state, ARGV[1], ARGV[3])
return state.text
