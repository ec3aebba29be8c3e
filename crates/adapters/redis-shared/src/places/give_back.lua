-- Gives a place back.
-- KEYS: all places, the user's. ARGV: id.
for _, key in ipairs(KEYS) do
  redis.call('ZREM', key, ARGV[1])
end
