-- Asks for one page, or posts each line of a file once; says at the end how it went, as JSON.
local started = 0

function setup(thread)
   thread:set("number", started)
   started = started + 1
end

function init(args)
   wrk.headers["Cookie"] = args[1]
   wrk.headers["Accept-Language"] = "fr"
   bodies, sent = {}, 0
   if args[2] then
      wrk.method = "POST"
      wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
      local line_number = 0
      for line in io.lines(args[2]) do
         if line_number % tonumber(args[3]) == number then bodies[#bodies + 1] = line end
         line_number = line_number + 1
      end
   end
end

function request()
   sent = sent + 1
   return wrk.format(nil, nil, nil, bodies[sent])
end

function done(summary, latency, requests)
   local failed = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status
   io.write(string.format('\nJSON {"requests": %d, "seconds": %f, "failed": %d, "timeouts": %d, "p95": %f}\n',
      summary.requests, summary.duration / 1e6, failed, summary.errors.timeout, latency:percentile(95) / 1e3))
end
