WITH events AS (
    SELECT
        content ->> '$.recipientAccountId' AS recipient_account_id,
        content ->> '$.awsRegion' AS aws_region,
        content ->> '$.userIdentity.arn' AS user_identity_arn,
        content ->> '$.sourceIPAddress' AS source_ip_address
    FROM raw
)
SELECT recipient_account_id, aws_region, count(DISTINCT user_identity_arn), count(DISTINCT source_ip_address)
FROM events
GROUP BY ALL
ORDER BY 1, 2
