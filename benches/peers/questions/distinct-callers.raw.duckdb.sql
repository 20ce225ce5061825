WITH events AS (
    SELECT
        found[1] AS recipient_account_id,
        found[2] AS aws_region,
        found[3] AS user_identity_arn,
        found[4] AS source_ip_address
    FROM (
        SELECT json_extract_string(content, ['$.recipientAccountId', '$.awsRegion', '$.userIdentity.arn',
            '$.sourceIPAddress']) AS found
        FROM raw
    )
)
SELECT recipient_account_id, aws_region, count(DISTINCT user_identity_arn), count(DISTINCT source_ip_address)
FROM events
GROUP BY ALL
ORDER BY 1, 2
