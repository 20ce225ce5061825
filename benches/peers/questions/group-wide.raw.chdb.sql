WITH events AS (
    SELECT
        found.userIdentity.arn AS user_identity_arn,
        found.eventName AS event_name,
        found.sourceIPAddress AS source_ip_address
    FROM (
        SELECT JSONExtract(content, 'Tuple(
            userIdentity Tuple(arn Nullable(String)),
            eventName Nullable(String),
            sourceIPAddress Nullable(String)
        )') AS found
        FROM raw
    )
)
SELECT user_identity_arn, event_name, source_ip_address, count(*) AS events
FROM events
GROUP BY 1, 2, 3
ORDER BY 4 DESC, 1, 2, 3
LIMIT 20
