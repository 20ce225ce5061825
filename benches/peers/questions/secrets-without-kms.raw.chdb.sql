WITH events AS (
    SELECT
        parseDateTime64BestEffortOrNull(JSONExtractString(content, 'eventTime'), 6, 'UTC') AS event_time,
        JSONExtract(content, 'eventName', 'Nullable(String)') AS event_name,
        JSONExtract(content, 'errorCode', 'Nullable(String)') AS error_code,
        JSONExtract(content, 'errorMessage', 'Nullable(String)') AS error_message,
        JSONExtract(content, 'sourceIPAddress', 'Nullable(String)') AS source_ip_address,
        JSONExtract(content, 'awsRegion', 'Nullable(String)') AS aws_region,
        JSONExtract(content, 'userIdentity', 'arn', 'Nullable(String)') AS user_identity_arn
    FROM raw
)
SELECT source_ip_address, aws_region, user_identity_arn, count(*)
FROM events
WHERE event_name = 'GetSecretValue'
    AND error_code = 'AccessDenied'
    AND error_message = 'Access to KMS is not allowed'
    AND event_time >= toDateTime64('{from}', 6, 'UTC') AND event_time < toDateTime64('{to}', 6, 'UTC')
GROUP BY 1, 2, 3
