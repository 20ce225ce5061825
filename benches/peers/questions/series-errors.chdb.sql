SELECT intDiv(toUnixTimestamp64Micro(event_time) - {start}, {interval}) * {interval} + {start} AS slot,
    countIf(error_code IN ('AccessDenied', 'UnauthorizedOperation')) AS refused, count() AS events
FROM events
WHERE event_time IS NOT NULL
GROUP BY 1
