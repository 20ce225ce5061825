WITH events AS (
    SELECT
        TRY_CAST(content ->> '$.eventTime' AS TIMESTAMPTZ) AS event_time,
        content ->> '$.eventID' AS event_id,
        content ->> '$.eventName' AS event_name,
        content ->> '$.userIdentity.arn' AS user_identity_arn
    FROM raw
)
SELECT epoch_us(event_time), event_id, event_name, user_identity_arn
FROM events
ORDER BY event_time DESC NULLS LAST, event_id
LIMIT 100
