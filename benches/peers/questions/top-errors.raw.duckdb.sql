WITH events AS (
    SELECT
        content ->> '$.errorCode' AS error_code,
        content ->> '$.userIdentity.arn' AS user_identity_arn
    FROM raw
)
SELECT error_code, user_identity_arn, count(*) AS events
FROM events
WHERE error_code IS NOT NULL
GROUP BY 1, 2
ORDER BY 3 DESC, 1, 2
LIMIT 20
