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
