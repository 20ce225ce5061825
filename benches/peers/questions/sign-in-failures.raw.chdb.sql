WITH events AS (
    SELECT
        parseDateTime64BestEffortOrNull(JSONExtractString(content, 'eventTime'), 6, 'UTC') AS event_time,
        JSONExtract(content, 'eventSource', 'Nullable(String)') AS event_source,
        JSONExtract(content, 'eventName', 'Nullable(String)') AS event_name,
        JSONExtract(content, 'responseElements', 'ConsoleLogin', 'Nullable(String)') AS response_elements_console_login,
        JSONExtract(content, 'sourceIPAddress', 'Nullable(String)') AS source_ip_address,
        JSONExtract(content, 'errorMessage', 'Nullable(String)') AS error_message,
        JSONExtract(content, 'awsRegion', 'Nullable(String)') AS aws_region,
        JSONExtract(content, 'userIdentity', 'arn', 'Nullable(String)') AS user_identity_arn,
        JSONExtract(content, 'additionalEventData', 'MFAUsed', 'Nullable(String)') AS additional_event_data_mfa_used
    FROM raw
)
SELECT source_ip_address, error_message, aws_region, user_identity_arn, additional_event_data_mfa_used, count(*)
FROM events
WHERE event_source = 'signin.amazonaws.com'
    AND event_name = 'ConsoleLogin'
    AND response_elements_console_login = 'Failure'
    AND event_time >= toDateTime64('{from}', 6, 'UTC') AND event_time < toDateTime64('{to}', 6, 'UTC')
GROUP BY 1, 2, 3, 4, 5
