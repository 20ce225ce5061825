SELECT source_ip_address, error_message, aws_region, user_identity_arn, additional_event_data_mfa_used, count(*)
FROM events
WHERE event_time >= TIMESTAMPTZ '{from}+00' AND event_time < TIMESTAMPTZ '{to}+00'
    AND bucket = 'my_aws_bucket'
    AND event_source = 'signin.amazonaws.com'
    AND event_name = 'ConsoleLogin'
    AND response_elements_console_login = 'Failure'
GROUP BY 1, 2, 3, 4, 5
