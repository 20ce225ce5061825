SELECT count()
FROM raw
WHERE position(content, '{substring}') > 0
