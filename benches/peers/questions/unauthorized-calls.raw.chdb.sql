WITH events AS (
    SELECT
        parseDateTime64BestEffortOrNull(JSONExtractString(content, 'eventTime'), 6, 'UTC') AS event_time,
        JSONExtract(content, 'errorCode', 'Nullable(String)') AS error_code,
        JSONExtract(content, 'eventName', 'Nullable(String)') AS event_name
    FROM raw
)
SELECT pair.1 AS slot, event_name, pair.2 AS events
FROM (
    SELECT event_name, groupArray((slot, events)) AS pairs
    FROM (
        SELECT intDiv(toUnixTimestamp64Micro(event_time) - {start}, {interval}) * {interval} + {start} AS slot,
            event_name, count() AS events
        FROM events
        WHERE error_code IN ('AccessDenied', 'UnauthorizedOperation')
            AND event_time >= toDateTime64('{from}', 6, 'UTC') AND event_time < toDateTime64('{to}', 6, 'UTC')
        GROUP BY 1, 2
    )
    GROUP BY 1
    ORDER BY avg(events) DESC, event_name
    LIMIT 10
)
ARRAY JOIN pairs AS pair
