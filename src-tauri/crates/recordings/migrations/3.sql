-- How the conversation of a run begins, by which runs of one conversation are known: the first 200
-- characters of the first message that a person wrote.
ALTER TABLE runs ADD COLUMN opening TEXT NOT NULL DEFAULT '';
UPDATE runs SET opening = coalesce((
  SELECT substr(json_extract(value, '$.text'), 1, 200) FROM json_each(chat, '$.messages')
  WHERE json_extract(value, '$.role') = 'user' ORDER BY key LIMIT 1
), '') WHERE json_valid(chat);

-- All that is added up, so that it is read off the index alone.
CREATE INDEX runs_for_spending ON runs
  (started_ms, provider, model, outcome, cost, imported, opening);
