SELECT event_source, event_name, count() AS events
FROM events
GROUP BY 1, 2
ORDER BY 3 DESC, 1, 2
