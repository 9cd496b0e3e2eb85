-- KEYS: the reservation, then account and leases of each scope.
-- ARGV: id, amount, lease ms, record s, '1' if unknown accounts are opened, names of the accounts,
-- then period, seconds to keep and limit ('' for none) of each scope.
local record, id, amount = KEYS[1], ARGV[1], ARGV[2]
local lease, remember, may_open, names = tonumber(ARGV[3]), ARGV[4], ARGV[5] == '1', ARGV[6]
local held = amount .. ':' .. id
local scopes = (#KEYS - 1) / 2

local earlier = redis.call('HMGET', record, 'state', 'amount', 'accounts')
if earlier[1] and (earlier[1] ~= 'open' or earlier[2] ~= amount or earlier[3] ~= names) then
  return {'conflict'}
end

local windows, unknown = {}, {'unknown'}
for scope = 1, scopes do
  local account, leases = KEYS[2 * scope], KEYS[2 * scope + 1]
  local period, keep = ARGV[4 + 3 * scope], tonumber(ARGV[5 + 3 * scope])
  local number = present(account, leases, period, keep)
  if not number then
    number = window_number(period)
    if may_open then
      open(account, leases, number)
      present(account, leases, period, keep)
    else
      unknown[#unknown + 1] = tostring(scope - 1)
      unknown[#unknown + 1] = tostring(number)
    end
  end
  windows[scope] = tostring(number)
end
if #unknown > 1 then return unknown end

local before, refused = {}, {'refused'}
for scope = 1, scopes do
  local account, leases, limit = KEYS[2 * scope], KEYS[2 * scope + 1], ARGV[6 + 3 * scope]
  free(account, leases, held) -- by an earlier try, whose answer was lost
  before[scope] = redis.call('HGET', account, 'committed')
  hold(account, leases, held, lease)
  if limit ~= '' and not fits(redis.call('HGET', account, 'committed'), limit) then
    refused[#refused + 1] = tostring(scope - 1)
    refused[#refused + 1] = windows[scope]
    refused[#refused + 1] = redis.call('HGET', account, 'spent')
    refused[#refused + 1] = before[scope]
  end
end
if #refused > 1 then
  for scope = 1, scopes do
    redis.call('ZREM', KEYS[2 * scope + 1], held)
    redis.call('HSET', KEYS[2 * scope], 'committed', before[scope])
  end
  redis.call('DEL', record)
  return refused
end

redis.call('HSET', record, 'state', 'open', 'amount', amount, 'accounts', names,
  'windows', table.concat(windows, ' '))
redis.call('EXPIRE', record, remember)
return {'reserved', unpack(windows)}
