WITH events AS (
    SELECT
        parseDateTime64BestEffortOrNull(found.eventTime, 6, 'UTC') AS event_time,
        found.eventSource AS event_source
    FROM (
        SELECT JSONExtract(content, 'Tuple(eventTime Nullable(String), eventSource Nullable(String))') AS found
        FROM raw
    )
)
SELECT intDiv(toUnixTimestamp64Micro(event_time) - {start}, {interval}) * {interval} + {start} AS slot, event_source, count()
FROM events
WHERE event_time IS NOT NULL
GROUP BY 1, 2
ORDER BY 2
