-- KEYS: the organisation's mark. ARGV: ms of grace.
-- Answers when Redis was found empty, and for how many ms nothing may be opened yet. By the
-- server's own clock, which goes on.
local time = redis.call('TIME')
local current = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local grace = tonumber(ARGV[1])
local begun = redis.call('GET', KEYS[1])
if not begun then
  begun = string.format('%d', current)
  redis.call('SET', KEYS[1], begun)
end
local left = tonumber(begun) + grace - current
return {begun, tostring(math.max(0, math.min(left, grace)))}
