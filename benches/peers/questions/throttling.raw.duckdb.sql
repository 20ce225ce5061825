WITH events AS (
    SELECT
        TRY_CAST(content ->> '$.eventTime' AS TIMESTAMPTZ) AS event_time,
        content ->> '$.errorCode' AS error_code,
        content ->> '$.eventName' AS event_name
    FROM raw
)
SELECT (epoch_us(event_time) - {start}) // {interval} * {interval} + {start} AS slot, event_name, count(*)
FROM events
WHERE error_code = 'Client.RequestLimitExceeded'
    AND event_time >= TIMESTAMPTZ '{from}+00' AND event_time < TIMESTAMPTZ '{to}+00'
GROUP BY 1, 2
