SELECT count(*)
FROM raw
WHERE contains(content, '{substring}')
