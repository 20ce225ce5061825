WITH events AS (
    SELECT
        TRY_CAST(found[1] AS TIMESTAMPTZ) AS event_time,
        found[2] AS event_id,
        found[3] AS event_name,
        found[4] AS user_identity_arn
    FROM (
        SELECT json_extract_string(content, ['$.eventTime', '$.eventID', '$.eventName', '$.userIdentity.arn']) AS found
        FROM raw
    )
)
SELECT epoch_us(event_time), event_id, event_name, user_identity_arn
FROM events
ORDER BY event_time DESC NULLS LAST, event_id
LIMIT 100
