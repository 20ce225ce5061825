WITH events AS (
    SELECT
        TRY_CAST(found[1] AS TIMESTAMPTZ) AS event_time,
        found[2] AS event_source
    FROM (
        SELECT json_extract_string(content, ['$.eventTime', '$.eventSource']) AS found
        FROM raw
    )
)
SELECT (epoch_us(event_time) - {start}) // {interval} * {interval} + {start} AS slot, event_source, count(*)
FROM events
WHERE event_time IS NOT NULL
GROUP BY 1, 2
ORDER BY 2
