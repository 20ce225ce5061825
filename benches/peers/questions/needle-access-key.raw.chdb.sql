WITH events AS (
    SELECT
        JSONExtract(content, 'userIdentity', 'accessKeyId', 'Nullable(String)') AS user_identity_access_key_id,
        JSONExtract(content, 'eventName', 'Nullable(String)') AS event_name,
        parseDateTime64BestEffortOrNull(JSONExtractString(content, 'eventTime'), 6, 'UTC') AS event_time
    FROM raw
)
SELECT event_name, count(), toUnixTimestamp64Micro(min(event_time)), toUnixTimestamp64Micro(max(event_time))
FROM events
WHERE user_identity_access_key_id = '{access_key}'
GROUP BY 1
ORDER BY 1
