WITH events AS (
    SELECT
        TRY_CAST(content ->> '$.eventTime' AS TIMESTAMPTZ) AS event_time,
        content ->> '$.errorCode' AS error_code,
        content ->> '$.userIdentity.arn' AS user_identity_arn,
        content ->> '$.eventName' AS event_name
    FROM raw
)
SELECT (epoch_us(event_time) - {start}) // {interval} * {interval} + {start} AS slot, user_identity_arn, event_name, count(*)
FROM events
WHERE error_code IN ('AccessDenied', 'UnauthorizedOperation')
    AND event_time >= TIMESTAMPTZ '{from}+00' AND event_time < TIMESTAMPTZ '{to}+00'
GROUP BY 1, 2, 3
