-- KEYS: account, leases. Answers the ids of what is held back in an account that is not open.
if redis.call('HGET', KEYS[1], 'window') then return {'known'} end
local answer = {'unknown'}
for _, held in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], string.format('(%.0f', lived(KEYS[1])), '+inf')) do
  answer[#answer + 1] = string.match(held, '^%d+:(.*)$')
end
return answer
