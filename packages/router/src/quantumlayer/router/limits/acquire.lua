-- ARGV: id and arrival of the turn, the four parts of its cost, calls at once (0: any number), lease,
-- poll, longest poll, patience. Answers how long to wait (0: begin), arrival and pauses.
local id, arrival, cost = ARGV[1], tonumber(ARGV[2]), cost_at(3)
local concurrent, lease = tonumber(ARGV[7]), tonumber(ARGV[8])
local poll, most_poll, patience = tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11])
local member = id .. ':' .. text(cost.tokens)

local calls_ahead, tokens_ahead = 0, 0
local before = arrival > 0 and '(' .. text(arrival) or '+inf'
for _, other in ipairs(redis.call('ZRANGEBYSCORE', queue, '-inf', before)) do
  calls_ahead = calls_ahead + 1
  tokens_ahead = tokens_ahead + tonumber(string.match(other, '%d+$'))
end

local wait = opens(cost, calls_ahead, tokens_ahead) - now
if concurrent > 0 and redis.call('ZCARD', running) + calls_ahead >= concurrent then
  wait = math.max(wait, math.min(poll * (1 + calls_ahead), most_poll))
end
if wait > 0 then
  if arrival == 0 then arrival = redis.call('HINCRBY', state, 'arrivals', 1) end
  redis.call('ZADD', queue, arrival, member)
  redis.call('ZADD', waiting, pace.lived + math.min(wait, lease) + patience, member)
else
  begin(cost)
  redis.call('ZREM', queue, member)
  redis.call('ZREM', waiting, member)
  redis.call('ZADD', running, pace.lived + lease, id)
end
save()
return {text(wait), text(arrival), text(pace.pauses)}
