SELECT recipient_account_id, aws_region, count(DISTINCT user_identity_arn), count(DISTINCT source_ip_address)
FROM events
GROUP BY ALL
ORDER BY 1, 2
