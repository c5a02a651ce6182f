-- Mail addresses that may become members of projects. Personal: erasing the person who has the address deletes the row.
CREATE TABLE invitations (
    name TEXT NOT NULL PRIMARY KEY,
    project TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    role TEXT NOT NULL,
    inviter TEXT NOT NULL,
    token_hash BLOB NOT NULL UNIQUE,
    create_time INTEGER NOT NULL,
    send_time INTEGER NOT NULL,
    expire_time INTEGER NOT NULL,
    decline_time INTEGER,
    UNIQUE (project, email_key)
);
CREATE INDEX ix_invitations_email_key ON invitations (email_key);

-- When something was deleted, and when it goes for good; null while it lives.
ALTER TABLE datasets ADD COLUMN delete_time INTEGER;
ALTER TABLE datasets ADD COLUMN purge_time INTEGER;
ALTER TABLE generators ADD COLUMN delete_time INTEGER;
ALTER TABLE generators ADD COLUMN purge_time INTEGER;
ALTER TABLE synthetic_datasets ADD COLUMN delete_time INTEGER;
ALTER TABLE synthetic_datasets ADD COLUMN purge_time INTEGER;
CREATE INDEX ix_datasets_purge_time ON datasets (purge_time);
CREATE INDEX ix_generators_purge_time ON generators (purge_time);
CREATE INDEX ix_synthetic_datasets_purge_time ON synthetic_datasets (purge_time);
