CREATE TABLE runs (
  -- The order in which runs began.
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  -- Which process wrote it: see sessions.rs.
  session TEXT NOT NULL,
  -- Milliseconds since 1970, UTC.
  started_ms INTEGER NOT NULL,
  title TEXT NOT NULL DEFAULT '',
  starred INTEGER NOT NULL DEFAULT 0,
  provider TEXT NOT NULL,
  base_url TEXT,
  dialect TEXT NOT NULL,
  model TEXT NOT NULL,
  -- JSON, as the page composed it.
  chat TEXT NOT NULL,
  by_hand INTEGER NOT NULL,
  -- JSON of the price that held on its day; null if none was known.
  price TEXT,
  question TEXT NOT NULL,
  -- From here on: what its events came to. They are written with the last of them.
  outcome TEXT NOT NULL DEFAULT 'running',
  reply TEXT NOT NULL DEFAULT '',
  error TEXT,
  finish TEXT,
  -- JSON.
  usage TEXT,
  -- Pico-dollars; null if unknown.
  cost INTEGER,
  duration_us INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  frames INTEGER NOT NULL DEFAULT 0,
  -- What all of it takes, about.
  bytes INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX runs_by_outcome ON runs (outcome);

CREATE TABLE events (
  run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  -- JSON; the bytes of a frame stand beside it.
  event TEXT NOT NULL,
  raw BLOB,
  PRIMARY KEY (run, place)
) STRICT, WITHOUT ROWID;

-- Pieces of three characters find any part of a word, in any script.
CREATE VIRTUAL TABLE words USING fts5 (
  title, question, reply,
  content = 'runs', content_rowid = 'number', tokenize = 'trigram remove_diacritics 1'
);
-- What is deleted is overwritten, in the index too.
INSERT INTO words (words, rank) VALUES ('secure-delete', 1);

CREATE TRIGGER words_come AFTER INSERT ON runs BEGIN
  INSERT INTO words (rowid, title, question, reply)
  VALUES (new.number, new.title, new.question, new.reply);
END;
CREATE TRIGGER words_go AFTER DELETE ON runs BEGIN
  INSERT INTO words (words, rowid, title, question, reply)
  VALUES ('delete', old.number, old.title, old.question, old.reply);
END;
CREATE TRIGGER words_change AFTER UPDATE OF title, question, reply ON runs BEGIN
  INSERT INTO words (words, rowid, title, question, reply)
  VALUES ('delete', old.number, old.title, old.question, old.reply);
  INSERT INTO words (rowid, title, question, reply)
  VALUES (new.number, new.title, new.question, new.reply);
END;
