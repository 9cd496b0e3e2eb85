-- KEYS: the reservation, then account and leases of each scope.
-- ARGV: id, what it cost, the state that follows, then each scope's period.
local CLOSED_SECONDS = 60
local SETTLED_SECONDS = 600 -- later the id is unknown, and counted as little

local record, id, cost, state = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
local earlier = redis.call('HMGET', record, 'state', 'amount', 'windows')
if not earlier[1] then return {'unknown'} end
if earlier[1] == 'settled' or earlier[1] == state then return {'done'} end

local held = earlier[2] .. ':' .. id
-- What an account will be opened with leaves out what is held back in it: it is settled then, and
-- held back as long as somebody tries to.
local closed = false
for scope = 1, (#KEYS - 1) / 2 do
  local account, leases = KEYS[2 * scope], KEYS[2 * scope + 1]
  if not redis.call('HGET', account, 'window') and redis.call('ZSCORE', leases, held) then
    redis.call('ZADD', leases, 'XX', lived(account) + CLOSED_SECONDS * 1000, held)
    closed = true
  end
end
if closed then return {'closed'} end

local outcome, scope = 'done', 0
for number in string.gmatch(earlier[3], '%d+') do
  scope = scope + 1
  local account, leases = KEYS[2 * scope], KEYS[2 * scope + 1]
  local counted = redis.call('HGET', account, 'window')
  if counted == number then
    free(account, leases, held)
    add(account, 'committed', cost)
    add(account, 'spent', cost)
  elseif not counted and window_number(ARGV[3 + scope]) <= tonumber(number) then
    outcome = 'unknown'
  end
end
redis.call('HSET', record, 'state', state)
if state == 'settled' then redis.call('EXPIRE', record, SETTLED_SECONDS) end
return {outcome}
