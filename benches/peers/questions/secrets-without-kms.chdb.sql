SELECT source_ip_address, aws_region, user_identity_arn, count(*)
FROM events
WHERE event_time >= toDateTime64('{from}', 6, 'UTC') AND event_time < toDateTime64('{to}', 6, 'UTC')
    AND bucket = 'my_aws_bucket'
    AND event_name = 'GetSecretValue'
    AND error_code = 'AccessDenied'
    AND error_message = 'Access to KMS is not allowed'
GROUP BY 1, 2, 3
