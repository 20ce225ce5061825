WITH events AS (
    SELECT
        JSONExtract(content, 'userIdentity', 'arn', 'Nullable(String)') AS user_identity_arn,
        JSONExtract(content, 'eventName', 'Nullable(String)') AS event_name,
        JSONExtract(content, 'sourceIPAddress', 'Nullable(String)') AS source_ip_address
    FROM raw
)
SELECT user_identity_arn, event_name, source_ip_address, count(*) AS events
FROM events
GROUP BY 1, 2, 3
ORDER BY 4 DESC, 1, 2, 3
LIMIT 20
