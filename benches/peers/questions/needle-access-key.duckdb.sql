SELECT event_name, count(*), epoch_us(min(event_time)), epoch_us(max(event_time))
FROM events
WHERE user_identity_access_key_id = '{access_key}'
GROUP BY 1
ORDER BY 1
