-- Takes one back from every bucket that is there still; one that is not is full.
-- KEYS: the buckets. ARGV: the interval of each, in microseconds.
for i, key in ipairs(KEYS) do
    local at = redis.call('GET', key)
    if at then
        redis.call('SET', key, string.format('%.0f', tonumber(at) - tonumber(ARGV[i])), 'KEEPTTL')
    end
end
return 0
