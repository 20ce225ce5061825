SELECT source_ip_address, aws_region, user_identity_arn, count(*), count(DISTINCT request_parameters_secret_id) AS secrets
FROM events
WHERE event_time >= toDateTime64('{from}', 6, 'UTC') AND event_time < toDateTime64('{to}', 6, 'UTC')
    AND bucket = 'my_aws_bucket'
    AND event_name = 'GetSecretValue'
    AND error_code = 'ResourceNotFoundException'
GROUP BY 1, 2, 3
ORDER BY secrets DESC
