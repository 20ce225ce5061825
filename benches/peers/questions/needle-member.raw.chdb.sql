WITH events AS (
    SELECT
        JSONExtract(content, 'requestParameters', 'instanceType', 'Nullable(String)') AS instance_type,
        JSONExtract(content, 'userIdentity', 'arn', 'Nullable(String)') AS user_identity_arn
    FROM raw
)
SELECT user_identity_arn, count(*)
FROM events
WHERE instance_type = 'm5.large'
GROUP BY 1
ORDER BY 1
