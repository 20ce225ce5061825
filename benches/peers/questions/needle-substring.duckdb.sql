SELECT count(*)
FROM events
WHERE contains(content, '{substring}')
