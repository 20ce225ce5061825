WITH events AS (
    SELECT
        TRY_CAST(content ->> '$.eventTime' AS TIMESTAMPTZ) AS event_time,
        content ->> '$.eventID' AS event_id,
        content ->> '$.errorCode' AS error_code,
        content
    FROM raw
)
SELECT epoch_us(event_time), content
FROM events
WHERE error_code = 'AccessDenied'
ORDER BY event_time DESC NULLS LAST, event_id
LIMIT 20
