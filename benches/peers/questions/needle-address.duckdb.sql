SELECT user_identity_arn, event_name, count(*)
FROM events
WHERE source_ip_address = '{address}'
GROUP BY 1, 2
ORDER BY 1, 2
