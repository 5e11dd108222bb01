-- The values of the indexed parameters of a device: a JSON object, by name. The
-- indexes that filters on them use are made at every start, see indexed.go.
ALTER TABLE devices ADD COLUMN indexed TEXT NOT NULL DEFAULT '{}';
