WITH events AS (
    SELECT
        content ->> '$.sourceIPAddress' AS source_ip_address,
        content ->> '$.userIdentity.arn' AS user_identity_arn,
        content ->> '$.eventName' AS event_name
    FROM raw
)
SELECT user_identity_arn, event_name, count(*)
FROM events
WHERE source_ip_address = '{address}'
GROUP BY 1, 2
ORDER BY 1, 2
