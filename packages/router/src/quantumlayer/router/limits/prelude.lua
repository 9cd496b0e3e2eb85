-- KEYS: the state, then the turns that run (until when each is believed to live), those that wait,
-- as "id:cost of its tokens" (by arrival), and when each of these is given up for dead. Times are
-- microseconds, far below what a double holds exactly. What this says is what pace.py says.
--
-- The pace goes by the clock, and with it when the clock goes back. Who lives goes by the time that
-- was `lived`: between two steps no longer than turns may go without being renewed, so that neither
-- a clock that jumps nor a server that stood still gives the places of running calls to others.

local FIELDS = {'requests', 'tokens', 'paused_until', 'pauses', 'next_start', 'gap', 'refusals',
  'seen', 'lived'}
local FIRST_GAP, LAST_GAP = 250000, 1000
local SECOND, MOST_BACKOFF = 1000000, 60000000
local MOST_UNSEEN = 20000000
local KEEP_SECONDS = 7200

local state, running, queue, waiting = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local now = tonumber(clock[1]) * 1000000 + tonumber(clock[2])
local pace = {}
for place, value in ipairs(redis.call('HMGET', state, unpack(FIELDS))) do
  pace[FIELDS[place]] = tonumber(value) or 0
end
local gone_back = math.max(0, pace.seen - now)
for _, field in ipairs({'requests', 'tokens', 'paused_until', 'next_start'}) do
  pace[field] = math.max(0, pace[field] - gone_back)
end
if pace.seen == 0 then pace.seen, pace.lived = now, now end
pace.lived = pace.lived + math.min(math.max(0, now - pace.seen), MOST_UNSEEN)
pace.seen = now

redis.call('ZREMRANGEBYSCORE', running, '-inf', pace.lived)
for _, id in ipairs(redis.call('ZRANGEBYSCORE', waiting, '-inf', pace.lived)) do
  redis.call('ZREM', waiting, id)
  redis.call('ZREM', queue, id)
end

local function text(number)
  return string.format('%.0f', number)
end

local function save()
  local pairs_ = {}
  for _, field in ipairs(FIELDS) do
    pairs_[#pairs_ + 1] = field
    pairs_[#pairs_ + 1] = text(pace[field])
  end
  redis.call('HSET', state, unpack(pairs_))
  for _, key in ipairs(KEYS) do redis.call('EXPIRE', key, KEEP_SECONDS) end
end

local function narrower(gap)
  return gap > LAST_GAP and math.floor(gap * 9 / 10) or 0
end

local function stagger(gap, calls)
  local whole = 0
  while gap > 0 and calls > 0 do
    whole, gap, calls = whole + gap, narrower(gap), calls - 1
  end
  return whole
end

local function opens(cost, calls_ahead, tokens_ahead)
  local at = math.max(now, pace.paused_until, pace.next_start + stagger(pace.gap, calls_ahead))
  if cost.request_burst > 0 then
    local requests = math.max(pace.requests, now) + cost.request * (calls_ahead + 1)
    at = math.max(at, requests - cost.request_burst)
  end
  if cost.tokens_burst > 0 then
    local tokens = math.max(pace.tokens, now) + tokens_ahead + cost.tokens
    at = math.max(at, tokens - cost.tokens_burst)
  end
  return at
end

local function begin(cost)
  pace.requests = math.max(pace.requests, now) + cost.request
  pace.tokens = math.max(pace.tokens, now) + cost.tokens
  pace.next_start = now + pace.gap
  pace.gap = narrower(pace.gap)
end

local function refused(cost, pause)
  if not pause then
    if now < pace.paused_until then return end
    pace.refusals = pace.refusals + 1
    pause = math.min(SECOND * 2 ^ math.min(pace.refusals - 1, 10), MOST_BACKOFF)
  end
  local until_ = now + pause
  if until_ <= pace.paused_until then return end
  pace.paused_until, pace.next_start = until_, until_
  pace.pauses = pace.pauses + 1
  pace.gap = FIRST_GAP
  pace.requests = until_ + cost.request_burst - cost.request
  pace.tokens = until_ + cost.tokens_burst - cost.tokens
end

local function served(requests_lacking, tokens_lacking)
  pace.requests = math.max(pace.requests, now + requests_lacking)
  pace.tokens = math.max(pace.tokens, now + tokens_lacking)
  if now >= pace.paused_until then pace.refusals = 0 end
end

local function given_back(pauses, tokens)
  if pauses == pace.pauses then pace.tokens = pace.tokens - tokens end
end

-- The four parts of a cost, from that argument on.
local function cost_at(place)
  return {
    request = tonumber(ARGV[place]), request_burst = tonumber(ARGV[place + 1]),
    tokens = tonumber(ARGV[place + 2]), tokens_burst = tonumber(ARGV[place + 3]),
  }
end
