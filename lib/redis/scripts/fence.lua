-- KEYS server, state · ARGV nonce · 1 if a new state was made, else 0; the state; the server
-- Nobody is told: each sees another stream with the next reply, and only what lay here is to be asked about.
local runId = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
if not runId then return redis.error_reply('NORUNID the server does not say which one it is') end
-- A primary that was a replica for a while lost what it had not handed on, and has its run id still: not its replication id.
local server = runId .. ':' .. (string.match(redis.call('INFO', 'replication'), 'master_replid:(%w+)') or '')
local state = readState(KEYS[2])
if state and read(KEYS[1]) == server then return { 0, state.text, server } end

redis.call('DEL', KEYS[2])
state = newState(ARGV[1])
redis.call('SET', KEYS[1], server)
writeState(KEYS[2], state)
return { 1, state.text, server }
