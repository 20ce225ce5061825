WITH events AS (
    SELECT
        content ->> '$.requestParameters.instanceType' AS instance_type,
        content ->> '$.userIdentity.arn' AS user_identity_arn
    FROM raw
)
SELECT user_identity_arn, count(*)
FROM events
WHERE instance_type = 'm5.large'
GROUP BY 1
ORDER BY 1
