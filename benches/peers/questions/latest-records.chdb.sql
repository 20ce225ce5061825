SELECT toUnixTimestamp64Micro(event_time), content
FROM events
WHERE error_code = 'AccessDenied'
ORDER BY event_time DESC NULLS LAST, event_id
LIMIT 20
