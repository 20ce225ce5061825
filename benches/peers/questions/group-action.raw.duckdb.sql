WITH events AS (
    SELECT
        found[1] AS event_source,
        found[2] AS event_name
    FROM (
        SELECT json_extract_string(content, ['$.eventSource', '$.eventName']) AS found
        FROM raw
    )
)
SELECT event_source, event_name, count(*) AS events
FROM events
GROUP BY 1, 2
ORDER BY 3 DESC, 1, 2
