WITH events AS (
    SELECT
        JSONExtract(content, 'sourceIPAddress', 'Nullable(String)') AS source_ip_address,
        JSONExtract(content, 'userIdentity', 'arn', 'Nullable(String)') AS user_identity_arn,
        JSONExtract(content, 'eventName', 'Nullable(String)') AS event_name
    FROM raw
)
SELECT user_identity_arn, event_name, count(*)
FROM events
WHERE source_ip_address = '{address}'
GROUP BY 1, 2
ORDER BY 1, 2
