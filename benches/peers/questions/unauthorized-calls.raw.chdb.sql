WITH events AS (
    SELECT
        parseDateTime64BestEffortOrNull(JSONExtractString(content, 'eventTime'), 6, 'UTC') AS event_time,
        JSONExtract(content, 'errorCode', 'Nullable(String)') AS error_code,
        JSONExtract(content, 'eventName', 'Nullable(String)') AS event_name
    FROM raw
), series AS (
    SELECT intDiv(toUnixTimestamp64Micro(event_time) - {start}, {interval}) * {interval} + {start} AS slot, event_name, count(*) AS events
    FROM events
    WHERE event_time >= toDateTime64('{from}', 6, 'UTC') AND event_time < toDateTime64('{to}', 6, 'UTC')
        AND error_code IN ('AccessDenied', 'UnauthorizedOperation')
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
