-- KEYS: the reservation. Answers the names of its accounts.
return {redis.call('HGET', KEYS[1], 'accounts') or ''}
