-- KEYS: account, leases. ARGV: period, seconds to keep, spent, the window that it was spent in
-- ('' for the present one).
local account, leases = KEYS[1], KEYS[2]
local period, keep, spent, expected = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]
local number = present(account, leases, period, keep) or window_number(period)
if expected ~= '' and tonumber(expected) ~= number then return {'over'} end

if not redis.call('HGET', account, 'window') then
  -- What was said to be held back since Redis lost the account stays held back.
  redis.call('HSET', account, 'window', number, 'spent', '0')
  redis.call('HSETNX', account, 'committed', '0')
  present(account, leases, period, keep)
end
local known = redis.call('HGET', account, 'spent')
if not fits(spent, known) then
  subtract(account, 'committed', known)
  add(account, 'committed', spent)
  redis.call('HSET', account, 'spent', spent)
end
return {'restored'}
