WITH events AS (
    SELECT
        TRY_CAST(content ->> '$.eventTime' AS TIMESTAMPTZ) AS event_time,
        content ->> '$.eventName' AS event_name,
        content ->> '$.errorCode' AS error_code,
        content ->> '$.requestParameters.secretId' AS request_parameters_secret_id,
        content ->> '$.sourceIPAddress' AS source_ip_address,
        content ->> '$.awsRegion' AS aws_region,
        content ->> '$.userIdentity.arn' AS user_identity_arn
    FROM raw
)
SELECT source_ip_address, aws_region, user_identity_arn, count(*), count(DISTINCT request_parameters_secret_id) AS secrets
FROM events
WHERE event_name = 'GetSecretValue'
    AND error_code = 'ResourceNotFoundException'
    AND event_time >= TIMESTAMPTZ '{from}+00' AND event_time < TIMESTAMPTZ '{to}+00'
GROUP BY 1, 2, 3
ORDER BY secrets DESC
