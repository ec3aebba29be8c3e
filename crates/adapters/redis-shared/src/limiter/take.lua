-- Counts one against every bucket, or against none when one of them is empty: the rule of
-- limits::Quota::take over several keys, atomic as every script is.
-- KEYS: the buckets. Each holds when it is full again, in microseconds since 1970.
-- ARGV: now, then the interval and the capacity of each bucket, in microseconds.
-- Answers whether it was counted, then when each bucket is full again.
local now = tonumber(ARGV[1])
local intervals, full_at, admitted = {}, {}, 1
for i, key in ipairs(KEYS) do
    local interval, capacity = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
    local at = tonumber(redis.call('GET', key) or now)
    at = math.min(math.max(at, now), now + capacity)
    if at + interval > now + capacity then
        admitted = 0
    end
    intervals[i], full_at[i] = interval, at
end
if admitted == 1 then
    for i, key in ipairs(KEYS) do
        full_at[i] = full_at[i] + intervals[i]
        local life = math.ceil((full_at[i] - now) / 1000)
        redis.call('SET', key, string.format('%.0f', full_at[i]), 'PX', life)
    end
end
return { admitted, unpack(full_at) }
