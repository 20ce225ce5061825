SELECT intDiv(toUnixTimestamp64Micro(event_time) - {start}, {interval}) * {interval} + {start} AS slot, event_name, count(*)
FROM events
WHERE event_time >= toDateTime64('{from}', 6, 'UTC') AND event_time < toDateTime64('{to}', 6, 'UTC')
    AND bucket = 'my_aws_bucket'
    AND error_code = 'Client.RequestLimitExceeded'
GROUP BY 1, 2
