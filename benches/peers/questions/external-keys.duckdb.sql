SELECT event_name, request_parameters_origin, response_elements_key_metadata_key_usage, aws_region, user_identity_arn,
    response_elements_key_metadata_key_id
FROM events
WHERE event_time >= TIMESTAMPTZ '{from}+00' AND event_time < TIMESTAMPTZ '{to}+00'
    AND bucket = 'my_aws_bucket'
    AND event_name = 'CreateKey'
    AND NOT coalesce(starts_with(request_parameters_origin, 'AWS_'), false)
