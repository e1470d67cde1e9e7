import { createHash } from 'node:crypto';
import type { RedisScript } from './redis-client.js';

/*
 * The store has these names under its prefix:
 *   entry:<key>       a string per key: the version, a line feed, and the value as JSON. Redis expires it.
 *   keys              a sorted set of all keys with equal scores, so that it is sorted by bytes.
 *   expiring          a sorted set of the keys with a time to live. The score is the expiry in milliseconds.
 *   applied:<writer>  a sorted set per store object that writes: the numbers of applied calls that may be resent.
 * The sets contain a key for a while after its entry expired. It counts as absent. Later writes and lists, and a
 * sweep in the background, remove it.
 *
 * The scripts derive all names from the first key because a client may add its own prefix.
 * Versions and JSON contain no line feed, so an entry begins with a version and a line feed only if it has that
 * version.
 */

/** Number of expired keys that each operation removes. It prevents a backlog and stays fast. */
const removalsPerOperation = 2;
/** Lua can pass only about 8,000 values at once, the size of its stack. */
const maxRemovals = 1_000;
/** Number of keys that one run of the list script checks. Redis serves no other client during a run. */
const maxLooks = 1_000;

/** How long an applied call is stored. Clients don't retry a call for longer while Redis is down. */
const appliedForMs = 86_400_000;

/**
 * Applies all operations or none. Returns 1 or 0.
 *
 * KEYS: `keys`, `expiring`, `applied:<writer>`, and the entry of each operation. ARGV: the number of the call, and the
 * number of the writer's oldest pending call. Then for each operation: a condition (empty, `absent`, `present`, or a
 * version with its line feed), the time to live in milliseconds (or empty), and the entry to write (or empty to remove
 * the key).
 *
 * A client may resend a call if the connection broke before the response. An applied call isn't applied twice, and
 * isn't reported as rejected.
 */
const writeSource = `
local index, expiring, applied = KEYS[1], KEYS[2], KEYS[3]
local call, oldest = ARGV[1], ARGV[2]
local operations = #KEYS - 3
local keyStart = #index - #'keys' + #'entry:' + 1

local function holds(entry, condition)
  if condition == '' then return true end
  if condition == 'absent' then return redis.call('EXISTS', entry) == 0 end
  if condition == 'present' then return redis.call('EXISTS', entry) == 1 end
  return redis.call('GETRANGE', entry, 0, #condition - 1) == condition
end

if redis.call('ZSCORE', applied, call) then return 1 end
for n = 1, operations do
  if not holds(KEYS[n + 3], ARGV[3 * n]) then return 0 end
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for n = 1, operations do
  local entry, ttl, stored = KEYS[n + 3], ARGV[3 * n + 1], ARGV[3 * n + 2]
  local key = string.sub(entry, keyStart)
  if stored == '' or ttl == '0' then
    redis.call('DEL', entry)
    redis.call('ZREM', index, key)
    redis.call('ZREM', expiring, key)
  else
    redis.call('ZADD', index, 0, key)
    if ttl == '' then
      redis.call('ZREM', expiring, key)
      redis.call('SET', entry, stored)
    else
      local expiresAt = string.format('%.0f', now + ttl)
      redis.call('ZADD', expiring, expiresAt, key)
      redis.call('SET', entry, stored)
      redis.call('PEXPIREAT', entry, expiresAt)
    end
  end
end

redis.call('ZADD', applied, call, call)
redis.call('ZREMRANGEBYSCORE', applied, '-inf', '(' .. oldest)
redis.call('PEXPIRE', applied, ${String(appliedForMs)})

local removals = math.min(operations * ${String(removalsPerOperation)}, ${String(maxRemovals)})
local over = redis.call('ZRANGEBYSCORE', expiring, '-inf', string.format('(%.0f', now), 'LIMIT', 0, removals)
if #over > 0 then
  redis.call('ZREM', index, unpack(over))
  redis.call('ZREM', expiring, unpack(over))
end
return 1
`;

/**
 * Lists entries with a prefix. Returns the next start (or no value at the end), and alternating keys and entries.
 *
 * KEYS: `keys`, `expiring`. ARGV: the start in the format of ZRANGEBYLEX, the prefix, the maximum number of entries,
 * and the number of bytes after which to stop.
 */
const listSource = `
local index, expiring = KEYS[1], KEYS[2]
local entries = string.sub(index, 1, #index - #'keys') .. 'entry:'
local from, to = ARGV[1], '(' .. ARGV[2] .. '\\255'
local wanted, bytesLeft, looks = tonumber(ARGV[3]), tonumber(ARGV[4]), ${String(maxLooks)}
local found, gone = {}, {}

while wanted > 0 and bytesLeft > 0 and looks > 0 do
  local asked = math.min(wanted, looks)
  local keys = redis.call('ZRANGEBYLEX', index, from, to, 'LIMIT', 0, asked)
  for _, key in ipairs(keys) do
    if bytesLeft <= 0 then break end
    local stored = redis.call('GET', entries .. key)
    if stored then
      found[#found + 1] = key
      found[#found + 1] = stored
      wanted = wanted - 1
      bytesLeft = bytesLeft - #stored
    else
      gone[#gone + 1] = key
    end
    looks = looks - 1
    from = '(' .. key
  end
  if #keys < asked and bytesLeft > 0 then
    from = false
    break
  end
end

if #gone > 0 then
  redis.call('ZREM', index, unpack(gone))
  redis.call('ZREM', expiring, unpack(gone))
end
return { from, found }
`;

/**
 * Removes a batch of expired keys from the sets. Returns `more` if expired keys may be left, the milliseconds until the
 * next expiry, or no value if no key expires.
 *
 * KEYS: `keys`, `expiring`.
 */
const sweepSource = `
local index, expiring = KEYS[1], KEYS[2]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local over = redis.call('ZRANGEBYSCORE', expiring, '-inf', string.format('(%.0f', now), 'LIMIT', 0, ${String(maxRemovals)})
if #over > 0 then
  redis.call('ZREM', index, unpack(over))
  redis.call('ZREM', expiring, unpack(over))
end
if #over == ${String(maxRemovals)} then return 'more' end
local first = redis.call('ZRANGE', expiring, 0, 0, 'WITHSCORES')
if not first[2] then return false end
return string.format('%.0f', math.max(0, first[2] - now))
`;

/** Returns the scripts of the store. */
export function redisScripts(): Readonly<Record<'write' | 'list' | 'sweep' | 'memory', RedisScript>> {
  const script = (source: string): RedisScript => ({ source, sha1: createHash('sha1').update(source).digest('hex') });
  return {
    write: script(writeSource),
    list: script(listSource),
    sweep: script(sweepSource),
    memory: script("return redis.call('INFO', 'memory')"),
  };
}
