SELECT source_ip_address, aws_region, user_identity_arn, secret_id, count(*)
FROM (
    SELECT *, regexp_extract(error_message, '^[^\r\n]+?:secret:([^\x00-\x20\x7f]+)', 1) AS secret_id
    FROM events
    WHERE event_time >= TIMESTAMPTZ '{from}+00' AND event_time < TIMESTAMPTZ '{to}+00'
        AND bucket = 'my_aws_bucket'
        AND event_name = 'GetSecretValue'
        AND error_code = 'AccessDenied'
)
WHERE secret_id <> ''
GROUP BY 1, 2, 3, 4
