-- Most of what the gateway does with the JSON of an init, in nginx: checks the request, asks the
-- partner, checks the answer, and adds a correlation id and a signed countdown link. It does not read
-- the token, let each name in only once, keep the partner's bytes as they are, count or trace.
local cjson = require "cjson.safe"

local FIELDS = { "name", "email", "mobile", "redirectUrl", "state" }

local function refuse(status, slug)
  ngx.status = status
  ngx.header["Content-Type"] = "application/problem+json"
  ngx.print(cjson.encode({ type = "/problems/" .. slug, status = status }))
  return ngx.exit(ngx.HTTP_OK)
end

local headers = ngx.req.get_headers()
local authorization = headers["authorization"]
if not authorization or authorization:sub(1, 6) ~= "Basic "
    or not ngx.decode_base64(authorization:sub(7)) then
  return refuse(401, "unauthorized")
end
if headers["content-type"] ~= "application/json" then
  return refuse(415, "unsupported-media-type")
end

ngx.req.read_body()
local body = ngx.req.get_body_data()
local request = body and cjson.decode(body)
if type(request) ~= "table" then
  return refuse(400, "invalid-request")
end
for _, field in ipairs(FIELDS) do
  local value = request[field]
  if type(value) ~= "string" or #value == 0 or #value > 200 then
    return refuse(400, "invalid-request")
  end
end
if not request.email:find("^[^@%s]+@[^@%s]+$") or not request.mobile:find("^%d+$")
    or not request.redirectUrl:find("^https://") then
  return refuse(400, "invalid-request")
end

local answer = ngx.location.capture("/partner", { method = ngx.HTTP_POST, body = body })
local envelope = answer.status == 200 and cjson.decode(answer.body)
if not envelope or envelope.status ~= "SUCCESS" or type(envelope.data) ~= "table" then
  return refuse(502, "upstream-failed")
end

local expires = math.floor(ngx.now()) + 600
local id = envelope.data.clientId
local signature = ngx.encode_base64(ngx.hmac_sha1("a key of the load test", id .. "." .. expires))
envelope.correlationId = headers["x-correlation-id"] or ngx.var.request_id
envelope.countdown = {
  remainingSeconds = 600,
  expiresAt = os.date("!%Y-%m-%dT%H:%M:%SZ", expires),
  url = "/countdown/" .. id .. "?e=" .. expires .. "&s=" .. signature,
}
ngx.header["Content-Type"] = "application/json"
ngx.header["X-Correlation-Id"] = envelope.correlationId
ngx.header["Cache-Control"] = "no-store"
local text = cjson.encode(envelope)
ngx.header["Content-Length"] = #text
ngx.print(text)
