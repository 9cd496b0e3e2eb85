-- ARGV: until requests and tokens are full again.
served(tonumber(ARGV[1]), tonumber(ARGV[2]))
save()
return {}
