-- Who signs in, and how. All of it is personal: erasing a person deletes their rows here.
CREATE TABLE accounts (
    owner TEXT NOT NULL PRIMARY KEY REFERENCES users (name),
    email TEXT,
    email_key TEXT UNIQUE,
    password TEXT NOT NULL,
    second_factor BLOB,
    second_factor_active INTEGER NOT NULL,
    second_factor_step INTEGER NOT NULL,
    create_time INTEGER NOT NULL,
    update_time INTEGER NOT NULL
);

CREATE TABLE recovery_codes (
    owner TEXT NOT NULL REFERENCES users (name),
    code_hash BLOB NOT NULL,
    PRIMARY KEY (owner, code_hash)
) WITHOUT ROWID;

CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL REFERENCES users (name),
    method TEXT NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL,
    family_hash BLOB NOT NULL,
    token_hash BLOB NOT NULL,
    previous_hash BLOB,
    successor_salt BLOB,
    rotate_time INTEGER NOT NULL,
    create_time INTEGER NOT NULL,
    expire_time INTEGER NOT NULL,
    revoke_time INTEGER
);
CREATE INDEX ix_sessions_owner ON sessions (owner);

-- What a mail carries to prove that its reader has the address.
CREATE TABLE mail_tokens (
    token_hash BLOB NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    owner TEXT,
    role TEXT NOT NULL,
    create_time INTEGER NOT NULL,
    expire_time INTEGER NOT NULL
) WITHOUT ROWID;

-- Leaky buckets of attempts: when the last counted one will have leaked away.
CREATE TABLE attempts (
    subject TEXT NOT NULL PRIMARY KEY,
    drained_time INTEGER NOT NULL
) WITHOUT ROWID;

-- People as other providers know them.
CREATE TABLE external_identities (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    owner TEXT NOT NULL REFERENCES users (name),
    provider TEXT NOT NULL,
    email TEXT NOT NULL,
    create_time INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject)
) WITHOUT ROWID;
CREATE INDEX ix_external_identities_owner ON external_identities (owner);

-- Sign-ins that wait for a provider's answer.
CREATE TABLE provider_flows (
    secret_hash BLOB NOT NULL PRIMARY KEY,
    provider TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    owner TEXT,
    expire_time INTEGER NOT NULL
) WITHOUT ROWID;

-- Users that are programs of one project.
CREATE TABLE service_accounts (
    name TEXT NOT NULL PRIMARY KEY,
    project TEXT NOT NULL,
    owner TEXT NOT NULL REFERENCES users (name),
    display_name TEXT NOT NULL,
    creator TEXT NOT NULL,
    create_time INTEGER NOT NULL
);
CREATE INDEX ix_service_accounts_project ON service_accounts (project);
