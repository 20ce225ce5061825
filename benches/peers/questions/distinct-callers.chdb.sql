SELECT recipient_account_id, aws_region, uniqExact(user_identity_arn), uniqExact(source_ip_address)
FROM events
GROUP BY 1, 2
ORDER BY 1, 2
