-- KEYS: account, leases. ARGV: period, seconds to keep.
local number = present(KEYS[1], KEYS[2], ARGV[1], tonumber(ARGV[2]))
if not number then return {'unknown', tostring(window_number(ARGV[1]))} end
local account = redis.call('HMGET', KEYS[1], 'spent', 'committed')
return {'known', tostring(number), account[1], account[2]}
