-- ARGV: the four parts of the refused call's cost, the pause ('' if it is not said).
refused(cost_at(1), tonumber(ARGV[5]))
save()
return {}
