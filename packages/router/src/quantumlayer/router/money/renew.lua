-- KEYS: the reservation, then account and leases of each scope. ARGV: id, lease ms, record s.
local record, id = KEYS[1], ARGV[1]
local earlier = redis.call('HMGET', record, 'state', 'amount', 'windows')
if earlier[1] ~= 'open' then return {'unknown'} end

local scope = 0
for number in string.gmatch(earlier[3], '%d+') do
  scope = scope + 1
  local account, leases = KEYS[2 * scope], KEYS[2 * scope + 1]
  local held, counted = earlier[2] .. ':' .. id, redis.call('HGET', account, 'window')
  if counted == number or (not counted and redis.call('ZSCORE', leases, held)) then
    hold(account, leases, held, tonumber(ARGV[2]))
  end
end
redis.call('EXPIRE', record, ARGV[3])
return {'renewed'}
