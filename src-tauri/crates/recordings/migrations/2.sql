-- Whether it came out of a file.
ALTER TABLE runs ADD COLUMN imported INTEGER NOT NULL DEFAULT 0;

-- All that lists choose and add up by, so that they need not read through every text.
CREATE INDEX runs_for_lists ON runs
  (started_ms, provider, model, outcome, starred, cost, bytes, imported);
DROP INDEX runs_by_outcome;
CREATE INDEX runs_running ON runs (number) WHERE outcome = 'running';

-- Two line ends behind each text: so each of its characters, the last too, begins a piece of
-- three, and shorter words are found as the beginnings of pieces.
DROP TRIGGER words_come;
DROP TRIGGER words_go;
DROP TRIGGER words_change;
DROP TABLE words;
CREATE VIRTUAL TABLE words USING fts5 (
  title, question, reply,
  content = 'runs', content_rowid = 'number', tokenize = 'trigram remove_diacritics 1'
);
INSERT INTO words (words, rank) VALUES ('secure-delete', 1);
INSERT INTO words (rowid, title, question, reply)
SELECT number, title || char(10, 10), question || char(10, 10), reply || char(10, 10) FROM runs;
-- The pieces that there are.
CREATE VIRTUAL TABLE pieces USING fts5vocab (words, row);

CREATE TRIGGER words_come AFTER INSERT ON runs BEGIN
  INSERT INTO words (rowid, title, question, reply) VALUES (
    new.number, new.title || char(10, 10), new.question || char(10, 10), new.reply || char(10, 10)
  );
END;
CREATE TRIGGER words_go AFTER DELETE ON runs BEGIN
  INSERT INTO words (words, rowid, title, question, reply) VALUES (
    'delete',
    old.number, old.title || char(10, 10), old.question || char(10, 10), old.reply || char(10, 10)
  );
END;
CREATE TRIGGER words_change AFTER UPDATE OF title, question, reply ON runs BEGIN
  INSERT INTO words (words, rowid, title, question, reply) VALUES (
    'delete',
    old.number, old.title || char(10, 10), old.question || char(10, 10), old.reply || char(10, 10)
  );
  INSERT INTO words (rowid, title, question, reply) VALUES (
    new.number, new.title || char(10, 10), new.question || char(10, 10), new.reply || char(10, 10)
  );
END;
