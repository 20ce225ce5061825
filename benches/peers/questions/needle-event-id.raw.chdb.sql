WITH events AS (
    SELECT
        JSONExtract(content, 'eventID', 'Nullable(String)') AS event_id,
        parseDateTime64BestEffortOrNull(JSONExtractString(content, 'eventTime'), 6, 'UTC') AS event_time,
        JSONExtract(content, 'eventSource', 'Nullable(String)') AS event_source,
        JSONExtract(content, 'eventName', 'Nullable(String)') AS event_name,
        JSONExtract(content, 'sourceIPAddress', 'Nullable(String)') AS source_ip_address
    FROM raw
)
SELECT toUnixTimestamp64Micro(event_time), event_source, event_name, source_ip_address
FROM events
WHERE event_id = '{event_id}'
