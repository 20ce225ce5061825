SELECT intDiv(toUnixTimestamp64Micro(event_time) - {start}, {interval}) * {interval} + {start} AS slot, event_source, count()
FROM events
WHERE event_time IS NOT NULL
GROUP BY 1, 2
ORDER BY 2
