SELECT event_name, request_parameters_origin, response_elements_key_metadata_key_usage, aws_region, user_identity_arn,
    response_elements_key_metadata_key_id
FROM events
WHERE event_time >= toDateTime64('{from}', 6, 'UTC') AND event_time < toDateTime64('{to}', 6, 'UTC')
    AND bucket = 'my_aws_bucket'
    AND event_name = 'CreateKey'
    AND NOT coalesce(startsWith(request_parameters_origin, 'AWS_'), false)
