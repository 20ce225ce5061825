SELECT source_ip_address, aws_region, user_identity_arn, secret_id, count(*)
FROM (
    SELECT *, extract(error_message, '^[^\\r\\n]+?:secret:([^\\x00-\\x20\\x7f]+)') AS secret_id
    FROM events
    WHERE event_time >= toDateTime64('{from}', 6, 'UTC') AND event_time < toDateTime64('{to}', 6, 'UTC')
        AND bucket = 'my_aws_bucket'
        AND event_name = 'GetSecretValue'
        AND error_code = 'AccessDenied'
)
WHERE secret_id <> ''
GROUP BY 1, 2, 3, 4
