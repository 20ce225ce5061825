WITH events AS (
    SELECT
        TRY_CAST(content ->> '$.eventTime' AS TIMESTAMPTZ) AS event_time,
        content ->> '$.eventSource' AS event_source,
        content ->> '$.eventName' AS event_name,
        content ->> '$.responseElements.ConsoleLogin' AS response_elements_console_login,
        content ->> '$.sourceIPAddress' AS source_ip_address,
        content ->> '$.errorMessage' AS error_message,
        content ->> '$.awsRegion' AS aws_region,
        content ->> '$.userIdentity.arn' AS user_identity_arn,
        content ->> '$.additionalEventData.MFAUsed' AS additional_event_data_mfa_used
    FROM raw
)
SELECT source_ip_address, error_message, aws_region, user_identity_arn, additional_event_data_mfa_used, count(*)
FROM events
WHERE event_source = 'signin.amazonaws.com'
    AND event_name = 'ConsoleLogin'
    AND response_elements_console_login = 'Failure'
    AND event_time >= TIMESTAMPTZ '{from}+00' AND event_time < TIMESTAMPTZ '{to}+00'
GROUP BY 1, 2, 3, 4, 5
