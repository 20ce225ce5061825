WITH events AS (
    SELECT
        content ->> '$.userIdentity.arn' AS user_identity_arn,
        content ->> '$.eventName' AS event_name,
        content ->> '$.sourceIPAddress' AS source_ip_address
    FROM raw
)
SELECT user_identity_arn, event_name, source_ip_address, count(*) AS events
FROM events
GROUP BY 1, 2, 3
ORDER BY 4 DESC, 1, 2, 3
LIMIT 20
