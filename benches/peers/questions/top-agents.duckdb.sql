SELECT user_agent, count(*) AS events
FROM events
GROUP BY 1
ORDER BY 2 DESC, 1
LIMIT 10
