WITH events AS (
    SELECT
        found.recipientAccountId AS recipient_account_id,
        found.awsRegion AS aws_region,
        found.userIdentity.arn AS user_identity_arn,
        found.sourceIPAddress AS source_ip_address
    FROM (
        SELECT JSONExtract(content, 'Tuple(
            recipientAccountId Nullable(String),
            awsRegion Nullable(String),
            userIdentity Tuple(arn Nullable(String)),
            sourceIPAddress Nullable(String)
        )') AS found
        FROM raw
    )
)
SELECT recipient_account_id, aws_region, uniqExact(user_identity_arn), uniqExact(source_ip_address)
FROM events
GROUP BY 1, 2
ORDER BY 1, 2
