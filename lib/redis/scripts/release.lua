-- KEYS lease · ARGV token, reason, wake channel, id · 1, or 0 when the lease is another's or nobody's
local lease = readLease(KEYS[1])
if not lease or lease.token ~= ARGV[1] then return 0 end
dropLease(KEYS[1], lease, ARGV[3], '1|w|' .. ARGV[2] .. '|' .. ARGV[4])
return 1
