SELECT count()
FROM events
WHERE position(content, '{substring}') > 0
