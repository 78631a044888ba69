-- Stands before every script. A value of another type or form than ours counts as absent: what is absent proves nothing.

local function read(key)
  local value = redis.pcall('GET', key)
  if type(value) == 'string' then return value end
  return nil
end

-- Fifteen digits are exact in a double, and more than are ever needed.
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

-- Made here and not by the caller: a call that is delivered twice never brings a version back.
local function newVersion(nonce)
  return string.format('%016.0f-%s', micros(), nonce)
end

-- 16 digits of microseconds, '-', 15 characters of nonce
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

-- A stream that nobody has seen, of entries that nobody has written.
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

-- Never shortens. (PEXPIRE has GT only from Redis 7 on.)
local function liveAtLeast(key, ttl)
  local left = redis.call('PTTL', key)
  if left >= 0 and left < tonumber(ttl) then redis.call('PEXPIRE', key, ttl) end
end

-- token (24), contended (1), stream (32) and number of the last invalidation when it was taken
local function readLease(key)
  local text = read(key) or ''
  local contended, sid, n = string.match(string.sub(text, 25), '^([01])' .. VERSION .. '|(%d+)$')
  if not n or #sid ~= 32 or not whole(n) then return nil end
  return { token = string.sub(text, 1, 24), contended = contended, sid = sid, n = whole(n) }
end

-- What is for a shard is heard by who listens at the owner of the slot. Sharded channels came with Redis 7, as did this number.
local function send(channel, message)
  local isSharded = redis.REDIS_VERSION_NUM and string.sub(channel, -6) == '@shard'
  redis.call(isSharded and 'SPUBLISH' or 'PUBLISH', channel, message)
end

local function dropLease(key, lease, channel, message)
  redis.call('DEL', key)
  if lease.contended == '1' then send(channel, message) end
end

-- The nonce tells the caller that it is his own.
local function publish(channel, kind, state, nonce, id)
  local text = '1|' .. kind .. '|' .. state.sid .. '|' .. digits(state.n) .. '|' .. nonce .. '|' .. id
  send(channel, text)
end
