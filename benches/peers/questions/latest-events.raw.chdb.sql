WITH events AS (
    SELECT
        parseDateTime64BestEffortOrNull(found.eventTime, 6, 'UTC') AS event_time,
        found.eventID AS event_id,
        found.eventName AS event_name,
        found.userIdentity.arn AS user_identity_arn
    FROM (
        SELECT JSONExtract(content, 'Tuple(
            eventTime Nullable(String),
            eventID Nullable(String),
            eventName Nullable(String),
            userIdentity Tuple(arn Nullable(String))
        )') AS found
        FROM raw
    )
)
SELECT toUnixTimestamp64Micro(event_time), event_id, event_name, user_identity_arn
FROM events
ORDER BY event_time DESC NULLS LAST, event_id
LIMIT 100
