WITH events AS (
    SELECT
        parseDateTime64BestEffortOrNull(JSONExtractString(content, 'eventTime'), 6, 'UTC') AS event_time,
        JSONExtract(content, 'errorCode', 'Nullable(String)') AS error_code,
        JSONExtract(content, 'userIdentity', 'arn', 'Nullable(String)') AS user_identity_arn,
        JSONExtract(content, 'eventName', 'Nullable(String)') AS event_name
    FROM raw
)
SELECT intDiv(toUnixTimestamp64Micro(event_time) - {start}, {interval}) * {interval} + {start} AS slot,
    user_identity_arn, event_name, count(*)
FROM events
WHERE error_code IN ('AccessDenied', 'UnauthorizedOperation')
    AND event_time >= toDateTime64('{from}', 6, 'UTC') AND event_time < toDateTime64('{to}', 6, 'UTC')
GROUP BY 1, 2, 3
