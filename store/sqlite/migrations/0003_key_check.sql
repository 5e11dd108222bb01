-- The check value of the key that seals the secrets of this database.
CREATE TABLE key_check (n INTEGER PRIMARY KEY CHECK (n = 1), value TEXT NOT NULL);
