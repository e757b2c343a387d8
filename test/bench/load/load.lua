-- Sends one request over and over, or one request per proof, and counts answers of another status.
-- Arguments: expected status, method, user, file of the body or "-", file of idempotency keys or "-",
-- what stands before the key in a proof, what stands after it.
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

local function contentOf(name)
  local file = assert(io.open(name, "rb"))
  local content = file:read("*a")
  file:close()
  return content
end

function init(args)
  expected = tonumber(args[1])
  unexpected, firstStatus, firstBody, used, ranOut = 0, 0, "", 0, false
  local headers = { ["X-User"] = args[3], ["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64) bench" }
  local body = nil
  if args[4] ~= "-" then
    body = contentOf(args[4])
    headers["Content-Type"] = "application/json"
  end
  if args[5] == "-" then
    whole = wrk.format(args[2], nil, headers, body)
    return
  end
  keys = {}
  for key in contentOf(args[5]):gmatch("[^\n]+") do
    keys[#keys + 1] = key
  end
  headers["Step-Up-Proof"] = args[6] .. "@key@" .. args[7]
  local text = wrk.format(args[2], nil, headers, body)
  local from, to = text:find("@key@", 1, true)
  before, after = text:sub(1, from - 1), text:sub(to + 1)
end

function request()
  if whole then
    return whole
  end
  used = used + 1
  if used > #keys then
    -- The answer to what is sent now no longer counts: the run has failed.
    ranOut = true
    wrk.thread:stop()
    return before .. keys[#keys] .. after
  end
  return before .. keys[used] .. after
end

function response(status, _, body)
  if status ~= expected then
    unexpected = unexpected + 1
    if firstStatus == 0 then
      firstStatus, firstBody = status, body:sub(1, 300)
    end
  end
end

local function quoted(text)
  return '"' .. text:gsub('[%c"\\]', " ") .. '"'
end

function done(summary, latency)
  local wrong, status, body, spent, out = 0, 0, "", 0, false
  for _, thread in ipairs(threads) do
    wrong = wrong + thread:get("unexpected")
    spent = spent + thread:get("used")
    out = out or thread:get("ranOut")
    if status == 0 then
      status, body = thread:get("firstStatus"), thread:get("firstBody")
    end
  end
  local errors = summary.errors
  io.write(string.format(
    'bench {"requests":%d,"durationUs":%d,"p50Us":%d,"p99Us":%d,"maxUs":%d,' ..
    '"socketErrors":%d,"timeouts":%d,"unexpected":%d,"firstStatus":%d,"firstBody":%s,' ..
    '"proofsUsed":%d,"ranOut":%s}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
    errors.connect + errors.read + errors.write, errors.timeout, wrong, status, quoted(body),
    spent, tostring(out)))
end
