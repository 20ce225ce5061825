SELECT (epoch_us(event_time) - {start}) // {interval} * {interval} + {start} AS slot, event_name, count(*)
FROM events
WHERE event_time >= TIMESTAMPTZ '{from}+00' AND event_time < TIMESTAMPTZ '{to}+00'
    AND bucket = 'my_aws_bucket'
    AND error_code = 'Client.RequestLimitExceeded'
GROUP BY 1, 2
