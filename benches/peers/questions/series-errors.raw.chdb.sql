WITH events AS (
    SELECT
        parseDateTime64BestEffortOrNull(found.eventTime, 6, 'UTC') AS event_time,
        found.errorCode AS error_code
    FROM (
        SELECT JSONExtract(content, 'Tuple(eventTime Nullable(String), errorCode Nullable(String))') AS found
        FROM raw
    )
)
SELECT intDiv(toUnixTimestamp64Micro(event_time) - {start}, {interval}) * {interval} + {start} AS slot,
    countIf(error_code IN ('AccessDenied', 'UnauthorizedOperation')) AS refused, count() AS events
FROM events
WHERE event_time IS NOT NULL
GROUP BY 1
