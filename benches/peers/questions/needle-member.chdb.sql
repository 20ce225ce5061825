SELECT user_identity_arn, count(*)
FROM events
WHERE JSONExtractString(request_parameters, 'instanceType') = 'm5.large'
GROUP BY 1
ORDER BY 1
