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
