-- An account is a hash {window, spent, committed, seen, lived} of decimal strings; `committed` is
-- what is spent and what is held back. Beside it, `leases` says until when each "amount:id" is held
-- back, in ms of the time that the account has lived.
-- An account without a window is not open: Redis has lost it, and only what processes say that they
-- hold back stands in it, until somebody has asked the rows what was spent.
-- Numbers of Lua are doubles, exact to 9,007 USD only: sums are Redis's own 64-bit integers, and
-- what is compared are their digits.

local DAY = 86400
local MOST = '9223372036854775807'
-- A third of the lease of a call, which is how often it is renewed.
local MOST_UNSEEN = 20000
local seconds = tonumber(clock[1])
local now = seconds * 1000 + math.floor(tonumber(clock[2]) / 1000)

-- Howard Hinnant's civil_from_days ("chrono-Compatible Low-Level Date Algorithms").
local function month_number()
  local day = math.floor(seconds / DAY) + 719468
  local era = math.floor(day / 146097)
  local day_of_era = day - era * 146097
  local year_of_era = math.floor((day_of_era - math.floor(day_of_era / 1460)
    + math.floor(day_of_era / 36524) - math.floor(day_of_era / 146096)) / 365)
  local day_of_year = day_of_era
    - (365 * year_of_era + math.floor(year_of_era / 4) - math.floor(year_of_era / 100))
  local from_march = math.floor((5 * day_of_year + 2) / 153)
  local month = from_march < 10 and from_march + 3 or from_march - 9
  local year = year_of_era + era * 400 + (month <= 2 and 1 or 0)
  return year * 12 + month - 1
end

local function window_number(period)
  if period == 'day' then return math.floor(seconds / DAY) end
  if period == 'month' then return month_number() end
  return 0
end

local function fits(digits, limit)
  if #digits ~= #limit then return #digits < #limit end
  return digits <= limit
end

-- An overflow stays at the top instead of failing half-way through a step.
local function add(account, field, digits)
  local sum = redis.pcall('HINCRBY', account, field, digits)
  if type(sum) ~= 'table' then return end
  if not string.find(sum.err, 'overflow', 1, true) then error(sum.err) end
  redis.call('HSET', account, field, MOST)
end

local function subtract(account, field, digits)
  if digits ~= '0' then redis.call('HINCRBY', account, field, '-' .. digits) end
end

-- Between two steps an account lives no longer than calls may go without renewing their leases: a
-- clock that jumps, or a server that stood still, must not take from calls that go on what is held
-- back for them. Whoever died holds it a little longer where nobody looks.
local function lived(account)
  local seen = redis.call('HMGET', account, 'seen', 'lived')
  local since = tonumber(seen[1]) or now
  local age = (tonumber(seen[2]) or now) + math.min(math.max(now - since, 0), MOST_UNSEEN)
  redis.call('HSET', account, 'seen', string.format('%.0f', now), 'lived',
    string.format('%.0f', age))
  return age
end

local function open(account, leases, number)
  redis.call('HSET', account, 'window', number, 'spent', '0', 'committed', '0')
  redis.call('DEL', leases)
end

local function free(account, leases, held)
  if redis.call('ZREM', leases, held) == 1 then
    subtract(account, 'committed', string.match(held, '^%d+'))
  end
end

-- The leases live as long as their account: one without the other would hold money for ever.
local function hold(account, leases, held, lease)
  if redis.call('ZADD', leases, lived(account) + lease, held) == 1 then
    add(account, 'committed', string.match(held, '^%d+'))
  end
  local left = redis.call('TTL', account)
  if left > 0 then redis.call('EXPIRE', leases, left) end
end

-- The account in its present window, without what the dead hold back; nil when Redis has none.
-- A clock that goes back opens no earlier window again.
local function present(account, leases, period, keep)
  local number = tonumber(redis.call('HGET', account, 'window'))
  if not number then return nil end
  local current = window_number(period)
  if number < current then
    open(account, leases, current)
    number = current
  end
  for _, held in ipairs(redis.call('ZRANGEBYSCORE', leases, '-inf', lived(account))) do
    free(account, leases, held)
  end
  if keep > 0 then
    redis.call('EXPIRE', account, keep)
    redis.call('EXPIRE', leases, keep)
  end
  return number
end
