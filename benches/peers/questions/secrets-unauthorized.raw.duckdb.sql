WITH events AS (
    SELECT
        TRY_CAST(content ->> '$.eventTime' AS TIMESTAMPTZ) AS event_time,
        content ->> '$.eventName' AS event_name,
        content ->> '$.errorCode' AS error_code,
        content ->> '$.errorMessage' AS error_message,
        content ->> '$.sourceIPAddress' AS source_ip_address,
        content ->> '$.awsRegion' AS aws_region,
        content ->> '$.userIdentity.arn' AS user_identity_arn
    FROM raw
)
SELECT source_ip_address, aws_region, user_identity_arn, secret_id, count(*)
FROM (
    SELECT *, regexp_extract(error_message, '^[^\r\n]+?:secret:([^\x00-\x20\x7f]+)', 1) AS secret_id
    FROM events
    WHERE event_name = 'GetSecretValue'
        AND error_code = 'AccessDenied'
        AND event_time >= TIMESTAMPTZ '{from}+00' AND event_time < TIMESTAMPTZ '{to}+00'
)
WHERE secret_id <> ''
GROUP BY 1, 2, 3, 4
