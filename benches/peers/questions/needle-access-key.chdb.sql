SELECT event_name, count(), toUnixTimestamp64Micro(min(event_time)), toUnixTimestamp64Micro(max(event_time))
FROM events
WHERE user_identity_access_key_id = '{access_key}'
GROUP BY 1
ORDER BY 1
