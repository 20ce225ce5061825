SELECT (epoch_us(event_time) - {start}) // {interval} * {interval} + {start} AS slot,
    count(*) FILTER (error_code IN ('AccessDenied', 'UnauthorizedOperation')) AS refused, count(*) AS events
FROM events
WHERE event_time IS NOT NULL
GROUP BY 1
