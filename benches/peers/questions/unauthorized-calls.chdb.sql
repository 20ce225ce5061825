SELECT pair.1 AS slot, event_name, pair.2 AS events
FROM (
    SELECT event_name, groupArray((slot, events)) AS pairs
    FROM (
        SELECT intDiv(toUnixTimestamp64Micro(event_time) - {start}, {interval}) * {interval} + {start} AS slot,
            event_name, count() AS events
        FROM events
        WHERE event_time >= toDateTime64('{from}', 6, 'UTC') AND event_time < toDateTime64('{to}', 6, 'UTC')
            AND bucket = 'my_aws_bucket'
            AND error_code IN ('AccessDenied', 'UnauthorizedOperation')
        GROUP BY 1, 2
    )
    GROUP BY 1
    ORDER BY avg(events) DESC, event_name
    LIMIT 10
)
ARRAY JOIN pairs AS pair
