WITH events AS (
    SELECT
        found[1] AS user_identity_arn,
        found[2] AS event_name,
        found[3] AS source_ip_address
    FROM (
        SELECT json_extract_string(content, ['$.userIdentity.arn', '$.eventName', '$.sourceIPAddress']) AS found
        FROM raw
    )
)
SELECT user_identity_arn, event_name, source_ip_address, count(*) AS events
FROM events
GROUP BY 1, 2, 3
ORDER BY 4 DESC, 1, 2, 3
LIMIT 20
