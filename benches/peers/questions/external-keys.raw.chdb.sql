WITH events AS (
    SELECT
        parseDateTime64BestEffortOrNull(JSONExtractString(content, 'eventTime'), 6, 'UTC') AS event_time,
        JSONExtract(content, 'eventName', 'Nullable(String)') AS event_name,
        JSONExtract(content, 'requestParameters', 'origin', 'Nullable(String)') AS request_parameters_origin,
        JSONExtract(content, 'responseElements', 'keyMetadata', 'keyUsage', 'Nullable(String)') AS response_elements_key_metadata_key_usage,
        JSONExtract(content, 'awsRegion', 'Nullable(String)') AS aws_region,
        JSONExtract(content, 'userIdentity', 'arn', 'Nullable(String)') AS user_identity_arn,
        JSONExtract(content, 'responseElements', 'keyMetadata', 'keyId', 'Nullable(String)') AS response_elements_key_metadata_key_id
    FROM raw
)
SELECT event_name, request_parameters_origin, response_elements_key_metadata_key_usage, aws_region, user_identity_arn,
    response_elements_key_metadata_key_id
FROM events
WHERE event_name = 'CreateKey'
    AND NOT coalesce(startsWith(request_parameters_origin, 'AWS_'), false)
    AND event_time >= toDateTime64('{from}', 6, 'UTC') AND event_time < toDateTime64('{to}', 6, 'UTC')
