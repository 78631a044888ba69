-- KEYS a key that is never there, state · the state if there is one; the server's time in microseconds
-- The DEL is refused by whoever is not, or no longer, a primary that accepts writes.
redis.call('DEL', KEYS[1])
local state = readState(KEYS[2])
return { state and state.text or false, digits(micros()) }
