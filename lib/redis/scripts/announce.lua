-- KEYS state · ARGV nonce, channel, kind, id of each… · 1, or 0 where there is no state
-- Says once more what was invalidated. With the number of none: nobody takes it for one that he waits for.
local state = readState(KEYS[1])
if not state then return 0 end
state.n = 0
for i = 4, #ARGV do publish(ARGV[2], ARGV[3], state, ARGV[1], ARGV[i]) end
return 1
