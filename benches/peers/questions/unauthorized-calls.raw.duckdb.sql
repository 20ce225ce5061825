WITH events AS (
    SELECT
        TRY_CAST(content ->> '$.eventTime' AS TIMESTAMPTZ) AS event_time,
        content ->> '$.errorCode' AS error_code,
        content ->> '$.eventName' AS event_name
    FROM raw
), series AS (
    SELECT (epoch_us(event_time) - {start}) // {interval} * {interval} + {start} AS slot, event_name, count(*) AS events
    FROM events
    WHERE error_code IN ('AccessDenied', 'UnauthorizedOperation')
        AND event_time >= TIMESTAMPTZ '{from}+00' AND event_time < TIMESTAMPTZ '{to}+00'
    GROUP BY 1, 2
), most AS (
    SELECT event_name
    FROM series
    GROUP BY 1
    ORDER BY avg(events) DESC, event_name
    LIMIT 10
)
SELECT slot, event_name, events
FROM series
WHERE event_name IN (SELECT event_name FROM most)
