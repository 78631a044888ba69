-- KEYS lease · ARGV token, leaseMs · 1, or 0 when the lease is another's or nobody's
local lease = readLease(KEYS[1])
if not lease or lease.token ~= ARGV[1] then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
