WITH events AS (
    SELECT
        parseDateTime64BestEffortOrNull(JSONExtractString(content, 'eventTime'), 6, 'UTC') AS event_time,
        JSONExtract(content, 'eventID', 'Nullable(String)') AS event_id,
        JSONExtract(content, 'eventName', 'Nullable(String)') AS event_name,
        JSONExtract(content, 'userIdentity', 'arn', 'Nullable(String)') AS user_identity_arn
    FROM raw
)
SELECT toUnixTimestamp64Micro(event_time), event_id, event_name, user_identity_arn
FROM events
ORDER BY event_time DESC NULLS LAST, event_id
LIMIT 100
