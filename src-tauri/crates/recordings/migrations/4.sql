-- Runs that belong together: one item in lists, one file, one page.
CREATE TABLE comparisons (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  -- Milliseconds since 1970, UTC.
  created_ms INTEGER NOT NULL,
  title TEXT NOT NULL DEFAULT '',
  starred INTEGER NOT NULL DEFAULT 0,
  -- Whether it came out of a file.
  imported INTEGER NOT NULL DEFAULT 0,
  -- JSON.
  plan TEXT NOT NULL,
  -- From here on: what lists and claims want of the plan, so that they need not read it.
  rows INTEGER NOT NULL,
  columns INTEGER NOT NULL,
  repeats INTEGER NOT NULL,
  question TEXT NOT NULL,
  -- JSON: labels of its columns, and ids of their models.
  labels TEXT NOT NULL,
  models TEXT NOT NULL,
  -- JSON of how far the sending of a sweep or a set is; null if it is sent by hand.
  batch TEXT
) STRICT;

CREATE INDEX comparisons_for_lists ON comparisons (created_ms);

-- The places of a plan that have a run. A row is written before a request leaves, and a place
-- that has one is never sent again.
CREATE TABLE cells (
  comparison INTEGER NOT NULL REFERENCES comparisons (number) ON DELETE CASCADE,
  row INTEGER NOT NULL,
  "column" INTEGER NOT NULL,
  repeat INTEGER NOT NULL,
  -- The id of its run, which may not be written yet, or not be there any more.
  run TEXT NOT NULL UNIQUE,
  -- When that began on the clock of its round, in microseconds; null if it never did.
  start_us INTEGER,
  PRIMARY KEY (comparison, row, "column", repeat)
) STRICT, WITHOUT ROWID;

ALTER TABLE runs ADD COLUMN comparison INTEGER REFERENCES comparisons (number) ON DELETE CASCADE;
CREATE INDEX runs_of_comparison ON runs (comparison, outcome, provider, cost, bytes)
  WHERE comparison IS NOT NULL;

DROP INDEX runs_for_lists;
CREATE INDEX runs_for_lists ON runs
  (started_ms, provider, model, outcome, starred, cost, bytes, imported, comparison);
