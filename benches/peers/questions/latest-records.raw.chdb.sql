WITH events AS (
    SELECT
        parseDateTime64BestEffortOrNull(JSONExtractString(content, 'eventTime'), 6, 'UTC') AS event_time,
        JSONExtract(content, 'eventID', 'Nullable(String)') AS event_id,
        JSONExtract(content, 'errorCode', 'Nullable(String)') AS error_code,
        content
    FROM raw
)
SELECT toUnixTimestamp64Micro(event_time), content
FROM events
WHERE error_code = 'AccessDenied'
ORDER BY event_time DESC NULLS LAST, event_id
LIMIT 20
