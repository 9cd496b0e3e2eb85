-- KEYS: the reservation, then account and leases of each scope. ARGV: id, amount, lease ms,
-- record s, names of the accounts, windows, then period, seconds to keep and window of each scope.
-- Holds back again what Redis may have lost; what it still knows stays as it is.
local record, id, amount = KEYS[1], ARGV[1], ARGV[2]
local held, lease = amount .. ':' .. id, tonumber(ARGV[3])
local state = redis.call('HGET', record, 'state')
if state and state ~= 'open' then return {'over'} end

for scope = 1, (#KEYS - 1) / 2 do
  local account, leases = KEYS[2 * scope], KEYS[2 * scope + 1]
  local period, keep = ARGV[4 + 3 * scope], tonumber(ARGV[5 + 3 * scope])
  local number = ARGV[6 + 3 * scope]
  local counted = redis.call('HGET', account, 'window')
  if tonumber(counted or window_number(period)) == tonumber(number) then
    hold(account, leases, held, lease)
    if not counted and keep > 0 then
      redis.call('EXPIRE', account, keep)
      redis.call('EXPIRE', leases, keep)
    end
  end
end
redis.call('HSET', record, 'state', 'open', 'amount', amount, 'accounts', ARGV[5],
  'windows', ARGV[6])
redis.call('EXPIRE', record, ARGV[4])
return {'held'}
