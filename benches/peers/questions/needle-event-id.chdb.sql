SELECT toUnixTimestamp64Micro(event_time), event_source, event_name, source_ip_address
FROM events
WHERE event_id = '{event_id}'
