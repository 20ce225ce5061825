WITH events AS (
    SELECT
        TRY_CAST(content ->> '$.eventTime' AS TIMESTAMPTZ) AS event_time,
        content ->> '$.eventName' AS event_name,
        content ->> '$.requestParameters.origin' AS request_parameters_origin,
        content ->> '$.responseElements.keyMetadata.keyUsage' AS response_elements_key_metadata_key_usage,
        content ->> '$.awsRegion' AS aws_region,
        content ->> '$.userIdentity.arn' AS user_identity_arn,
        content ->> '$.responseElements.keyMetadata.keyId' AS response_elements_key_metadata_key_id
    FROM raw
)
SELECT event_name, request_parameters_origin, response_elements_key_metadata_key_usage, aws_region, user_identity_arn,
    response_elements_key_metadata_key_id
FROM events
WHERE event_name = 'CreateKey'
    AND NOT coalesce(starts_with(request_parameters_origin, 'AWS_'), false)
    AND event_time >= TIMESTAMPTZ '{from}+00' AND event_time < TIMESTAMPTZ '{to}+00'
