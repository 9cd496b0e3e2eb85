-- ARGV: id, pauses, what its tokens were thought to cost, what they cost.
local member = ARGV[1] .. ':' .. ARGV[3]
redis.call('ZREM', queue, member)
redis.call('ZREM', waiting, member)
if redis.call('ZREM', running, ARGV[1]) == 1 then
  given_back(tonumber(ARGV[2]), tonumber(ARGV[3]) - tonumber(ARGV[4]))
  save()
end
return {}
