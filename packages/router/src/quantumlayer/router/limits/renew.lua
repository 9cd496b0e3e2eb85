-- ARGV: id, lease.
redis.call('ZADD', running, 'XX', now + tonumber(ARGV[2]), ARGV[1])
return {}
