-- Fingerprints of cells and pairs of cells, by which the same people are found in tables of other columns; and the share of equal rows.
ALTER TABLE privacy_fingerprints ADD COLUMN cell_groups BLOB NOT NULL DEFAULT x'';
ALTER TABLE privacy_fingerprints ADD COLUMN repeated REAL NOT NULL DEFAULT 0;

-- The part of a declared partition that a job learns; empty for the whole table.
ALTER TABLE privacy_reservations ADD COLUMN part TEXT NOT NULL DEFAULT '';
