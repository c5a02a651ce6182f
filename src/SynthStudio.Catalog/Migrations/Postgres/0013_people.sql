-- Mail addresses that may become members of projects. Personal: erasing the person who has the address deletes the row.
CREATE TABLE invitations (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    project text NOT NULL,
    email text NOT NULL,
    email_key text NOT NULL,
    role text NOT NULL,
    inviter text NOT NULL,
    token_hash bytea NOT NULL UNIQUE,
    create_time bigint NOT NULL,
    send_time bigint NOT NULL,
    expire_time bigint NOT NULL,
    decline_time bigint,
    UNIQUE (project, email_key)
);
CREATE INDEX ix_invitations_email_key ON invitations (email_key);

-- When something was deleted, and when it goes for good; null while it lives.
ALTER TABLE datasets ADD COLUMN delete_time bigint;
ALTER TABLE datasets ADD COLUMN purge_time bigint;
ALTER TABLE generators ADD COLUMN delete_time bigint;
ALTER TABLE generators ADD COLUMN purge_time bigint;
ALTER TABLE synthetic_datasets ADD COLUMN delete_time bigint;
ALTER TABLE synthetic_datasets ADD COLUMN purge_time bigint;
CREATE INDEX ix_datasets_purge_time ON datasets (purge_time);
CREATE INDEX ix_generators_purge_time ON generators (purge_time);
CREATE INDEX ix_synthetic_datasets_purge_time ON synthetic_datasets (purge_time);
