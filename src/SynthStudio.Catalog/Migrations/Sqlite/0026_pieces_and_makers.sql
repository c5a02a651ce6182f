-- The pieces of open uploads that links were given for: no byte is linked twice, so what a bucket keeps of an upload is what the upload claims.
CREATE TABLE upload_pieces (
    session TEXT NOT NULL,
    start INTEGER NOT NULL,
    length INTEGER NOT NULL,
    upload TEXT NOT NULL,
    PRIMARY KEY (session, start)
) WITHOUT ROWID;
CREATE INDEX ix_upload_pieces_upload ON upload_pieces (upload);

-- Who made a key, which may be of a service account or another user; empty where nobody noted it.
ALTER TABLE api_keys ADD COLUMN maker TEXT NOT NULL DEFAULT '';
CREATE INDEX ix_api_keys_maker ON api_keys (maker);
