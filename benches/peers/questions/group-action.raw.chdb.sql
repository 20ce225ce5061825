WITH events AS (
    SELECT
        found.eventSource AS event_source,
        found.eventName AS event_name
    FROM (
        SELECT JSONExtract(content, 'Tuple(eventSource Nullable(String), eventName Nullable(String))') AS found
        FROM raw
    )
)
SELECT event_source, event_name, count() AS events
FROM events
GROUP BY 1, 2
ORDER BY 3 DESC, 1, 2
