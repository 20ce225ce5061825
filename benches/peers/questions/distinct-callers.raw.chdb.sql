WITH events AS (
    SELECT
        JSONExtract(content, 'recipientAccountId', 'Nullable(String)') AS recipient_account_id,
        JSONExtract(content, 'awsRegion', 'Nullable(String)') AS aws_region,
        JSONExtract(content, 'userIdentity', 'arn', 'Nullable(String)') AS user_identity_arn,
        JSONExtract(content, 'sourceIPAddress', 'Nullable(String)') AS source_ip_address
    FROM raw
)
SELECT recipient_account_id, aws_region, uniqExact(user_identity_arn), uniqExact(source_ip_address)
FROM events
GROUP BY 1, 2
ORDER BY 1, 2
