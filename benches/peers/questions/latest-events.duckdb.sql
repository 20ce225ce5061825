SELECT epoch_us(event_time), event_id, event_name, user_identity_arn
FROM events
ORDER BY event_time DESC NULLS LAST, event_id
LIMIT 100
