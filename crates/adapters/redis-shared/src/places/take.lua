-- Takes a place under a lease, by Redis' own clock.
-- KEYS: all places, the user's. ARGV: id, lease in ms, most of the user, most of all (0: no limit).
-- Returns 0 when taken, 1 when the user has all of theirs, 2 when there are none left.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for _, key in ipairs(KEYS) do
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
end
local most_of_user, most_of_all = tonumber(ARGV[3]), tonumber(ARGV[4])
if most_of_all > 0 and redis.call('ZCARD', KEYS[1]) >= most_of_all then
  return 2
end
if most_of_user > 0 and redis.call('ZCARD', KEYS[2]) >= most_of_user then
  return 1
end
for _, key in ipairs(KEYS) do
  redis.call('ZADD', key, now + ARGV[2], ARGV[1])
  redis.call('PEXPIRE', key, ARGV[2])
end
return 0
