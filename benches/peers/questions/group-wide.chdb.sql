SELECT user_identity_arn, event_name, source_ip_address, count(*) AS events
FROM events
GROUP BY 1, 2, 3
ORDER BY 4 DESC, 1, 2, 3
LIMIT 20
