WITH events AS (
    SELECT
        TRY_CAST(found[1] AS TIMESTAMPTZ) AS event_time,
        found[2] AS error_code
    FROM (
        SELECT json_extract_string(content, ['$.eventTime', '$.errorCode']) AS found
        FROM raw
    )
)
SELECT (epoch_us(event_time) - {start}) // {interval} * {interval} + {start} AS slot,
    count(*) FILTER (error_code IN ('AccessDenied', 'UnauthorizedOperation')) AS refused, count(*) AS events
FROM events
WHERE event_time IS NOT NULL
GROUP BY 1
