-- System messages as they were sent. A number is never given twice.
CREATE TABLE versions (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  text TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  -- When it was sent first: milliseconds since 1970, UTC.
  created_ms INTEGER NOT NULL
) STRICT;

-- The version that was sent; it may not be there any more.
ALTER TABLE runs ADD COLUMN version INTEGER;
CREATE INDEX runs_of_version ON runs (version, started_ms) WHERE version IS NOT NULL;

CREATE TEMP TABLE sent AS
SELECT number, started_ms, comparison, imported, (
  SELECT json_extract(value, '$.text') FROM json_each(chat, '$.messages')
  WHERE json_extract(value, '$.role') = 'system' ORDER BY key LIMIT 1
) AS text
FROM runs WHERE json_valid(chat) AND NOT by_hand;
-- What a file brought, or the rows of a set, nobody wrote here one after the other.
INSERT INTO versions (text, created_ms)
SELECT text, min(started_ms) FROM sent
WHERE trim(text) <> '' AND NOT imported AND coalesce(comparison, 0) NOT IN (
  SELECT number FROM comparisons WHERE kind <> 'columns'
) GROUP BY text ORDER BY min(started_ms), min(number);
UPDATE runs SET version = (
  SELECT versions.number FROM versions JOIN sent USING (text) WHERE sent.number = runs.number
);
DROP TABLE sent;
