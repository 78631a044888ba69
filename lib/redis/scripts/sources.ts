// Made of the .lua files beside it by test/redis/lua-sources.mjs. Comments and empty lines are left out.
export const LUA = {
  acquire: `
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
if lease and lease.sid ~= state.sid then lease = nil end
local left = lease and redis.call('PTTL', KEYS[2])
if lease and lease.token ~= token and left >= 0 then
  if lease.contended == '0' then redis.pcall('SETRANGE', KEYS[2], 24, '1') end
  return { 'BUSY', state.text, left }
end
local contended = lease and lease.token == token and lease.contended or '0'
redis.call('SET', KEYS[2], token .. contended .. state.sid .. '|' .. digits(state.n), 'PX', leaseMs)
local reply = { 'WON', state.text }
for i = 4, #KEYS do
  local tag = readTag(KEYS[i])
  if tag then
    liveAtLeast(KEYS[i], tagTtl)
    reply[i - 1] = tag.text
  else
    reply[i - 1] = writeTag(KEYS[i], newVersion(nonce), state.n, tagTtl)
  end
end
return reply
`,
  announce: `
local state = readState(KEYS[1])
if not state then return 0 end
state.n = 0
for i = 4, #ARGV do publish(ARGV[2], ARGV[3], state, ARGV[1], ARGV[i]) end
return 1
`,
  clear: `
local state = readState(KEYS[1])
redis.call('DEL', KEYS[1])
state = state or newState(ARGV[1])
state.epoch = newVersion(ARGV[1])
state.n = state.n + 1
writeState(KEYS[1], state)
publish(ARGV[2], 'c', state, ARGV[1], '')
return state.text
`,
  fence: `
local runId = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
if not runId then return redis.error_reply('NORUNID the server does not say which one it is') end
local server = runId .. ':' .. (string.match(redis.call('INFO', 'replication'), 'master_replid:(%w+)') or '')
local state = readState(KEYS[2])
if state and read(KEYS[1]) == server then return { 0, state.text, server } end
redis.call('DEL', KEYS[2])
state = newState(ARGV[1])
redis.call('SET', KEYS[1], server)
writeState(KEYS[2], state)
return { 1, state.text, server }
`,
  heartbeat: `
redis.call('DEL', KEYS[1])
local state = readState(KEYS[2])
return { state and state.text or false, digits(micros()) }
`,
  'invalidate-key': `
redis.call('DEL', KEYS[1], KEYS[2], KEYS[4])
local state = readState(KEYS[3]) or newState(ARGV[1])
state.n = state.n + 1
writeState(KEYS[3], state)
publish(ARGV[2], 'k', state, ARGV[1], ARGV[3])
return state.text
`,
  'invalidate-tags': `
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
`,
  prelude: `

local function read(key)
  local value = redis.pcall('GET', key)
  if type(value) == 'string' then return value end
  return nil
end
local function whole(digits)
  if #digits <= 15 then return tonumber(digits) end
  return nil
end
local function digits(number)
  return string.format('%.0f', number)
end
local function micros()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end
local function newVersion(nonce)
  return string.format('%016.0f-%s', micros(), nonce)
end
local VERSION = '(%d+%-[%w_-]+)'
local function readState(key)
  local text = read(key) or ''
  local epoch, sid, n = string.match(text, '^' .. VERSION .. '|' .. VERSION .. '|(%d+)$')
  if not n or #epoch ~= 32 or #sid ~= 32 or not whole(n) then return nil end
  return { epoch = epoch, sid = sid, n = whole(n), text = text }
end
local function writeState(key, state)
  state.text = state.epoch .. '|' .. state.sid .. '|' .. digits(state.n)
  redis.call('SET', key, state.text)
end
local function newState(nonce)
  local version = newVersion(nonce)
  return { epoch = version, sid = version, n = 0 }
end
local function readTag(key)
  local text = read(key) or ''
  local version, n = string.match(text, '^' .. VERSION .. '|(%d+)$')
  if not n or #version ~= 32 or not whole(n) then return nil end
  return { version = version, n = whole(n), text = text }
end
local function writeTag(key, version, n, ttl)
  local record = version .. '|' .. digits(n)
  redis.call('SET', key, record, 'PX', ttl)
  return record
end
local function liveAtLeast(key, ttl)
  local left = redis.call('PTTL', key)
  if left >= 0 and left < tonumber(ttl) then redis.call('PEXPIRE', key, ttl) end
end
local function readLease(key)
  local text = read(key) or ''
  local contended, sid, n = string.match(string.sub(text, 25), '^([01])' .. VERSION .. '|(%d+)$')
  if not n or #sid ~= 32 or not whole(n) then return nil end
  return { token = string.sub(text, 1, 24), contended = contended, sid = sid, n = whole(n) }
end
local function send(channel, message)
  local isSharded = redis.REDIS_VERSION_NUM and string.sub(channel, -6) == '@shard'
  redis.call(isSharded and 'SPUBLISH' or 'PUBLISH', channel, message)
end
local function dropLease(key, lease, channel, message)
  redis.call('DEL', key)
  if lease.contended == '1' then send(channel, message) end
end
local function publish(channel, kind, state, nonce, id)
  local text = '1|' .. kind .. '|' .. state.sid .. '|' .. digits(state.n) .. '|' .. nonce .. '|' .. id
  send(channel, text)
end
`,
  release: `
local lease = readLease(KEYS[1])
if not lease or lease.token ~= ARGV[1] then return 0 end
dropLease(KEYS[1], lease, ARGV[3], '1|w|' .. ARGV[2] .. '|' .. ARGV[4])
return 1
`,
  renew: `
local lease = readLease(KEYS[1])
if not lease or lease.token ~= ARGV[1] then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
`,
  store: `
local token, head, tail, ttl, tagTtl, sid, position, nonce, channel, id, epoch = unpack(ARGV, 1, 11)
local marks = ARGV[#ARGV] == 'v' and 1 or 0
local declared = #ARGV - 11 - marks
local last = #KEYS - marks
position = tonumber(position)
local state = readState(KEYS[3])
local lease = readLease(KEYS[2])
if not lease or lease.token ~= token then return { 'LEASE', state and state.text or false } end
local function refused(reason)
  dropLease(KEYS[2], lease, channel, '1|w|refused|' .. id)
  return { reason, state and state.text or false }
end
if lease.n ~= position then return refused('LEASE') end
if not state or state.epoch ~= epoch or state.sid ~= sid then return refused('EPOCH') end
local versions = { epoch }
for i = 1, declared do
  local tag = readTag(KEYS[3 + i])
  if not tag or tag.version ~= ARGV[11 + i] then return refused('VERSION') end
  versions[1 + i] = tag.version
end
local lost, late = {}, false
for i = 4 + declared, last do
  local tag = readTag(KEYS[i])
  if tag and tag.n <= state.n then
    if tag.n > position then late = true end
    versions[i - 2] = tag.version
  else
    if state.n ~= position then late = true end
    versions[i - 2] = newVersion(nonce)
    lost[i] = versions[i - 2]
  end
end
local block = table.concat(versions)
if not late then redis.call('SET', KEYS[1], head .. block .. tail, 'PX', ttl) end
for i = 4 + declared, last do
  if lost[i] then writeTag(KEYS[i], lost[i], state.n, tagTtl) end
end
if late then return refused('DYNAMIC') end
for i = 4, last do liveAtLeast(KEYS[i], tagTtl) end
if marks == 1 then redis.call('SET', KEYS[#KEYS], string.sub(head, 5, 16), 'PX', ttl) end
dropLease(KEYS[2], lease, channel, '1|w|stored|' .. id)
return { 'OK', state.text, block }
`,
} as const;
