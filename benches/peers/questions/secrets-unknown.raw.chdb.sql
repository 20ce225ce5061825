WITH events AS (
    SELECT
        parseDateTime64BestEffortOrNull(JSONExtractString(content, 'eventTime'), 6, 'UTC') AS event_time,
        JSONExtract(content, 'eventName', 'Nullable(String)') AS event_name,
        JSONExtract(content, 'errorCode', 'Nullable(String)') AS error_code,
        JSONExtract(content, 'requestParameters', 'secretId', 'Nullable(String)') AS request_parameters_secret_id,
        JSONExtract(content, 'sourceIPAddress', 'Nullable(String)') AS source_ip_address,
        JSONExtract(content, 'awsRegion', 'Nullable(String)') AS aws_region,
        JSONExtract(content, 'userIdentity', 'arn', 'Nullable(String)') AS user_identity_arn
    FROM raw
)
SELECT source_ip_address, aws_region, user_identity_arn, count(*), count(DISTINCT request_parameters_secret_id) AS secrets
FROM events
WHERE event_name = 'GetSecretValue'
    AND error_code = 'ResourceNotFoundException'
    AND event_time >= toDateTime64('{from}', 6, 'UTC') AND event_time < toDateTime64('{to}', 6, 'UTC')
GROUP BY 1, 2, 3
ORDER BY secrets DESC
