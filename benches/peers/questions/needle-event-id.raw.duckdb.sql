WITH events AS (
    SELECT
        content ->> '$.eventID' AS event_id,
        TRY_CAST(content ->> '$.eventTime' AS TIMESTAMPTZ) AS event_time,
        content ->> '$.eventSource' AS event_source,
        content ->> '$.eventName' AS event_name,
        content ->> '$.sourceIPAddress' AS source_ip_address
    FROM raw
)
SELECT epoch_us(event_time), event_source, event_name, source_ip_address
FROM events
WHERE event_id = '{event_id}'
