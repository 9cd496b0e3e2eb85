-- ARGV: id, lease.
redis.call('ZADD', running, 'XX', pace.lived + tonumber(ARGV[2]), ARGV[1])
save()
return {}
