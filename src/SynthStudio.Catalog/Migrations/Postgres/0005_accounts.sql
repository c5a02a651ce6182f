-- Who signs in, and how. All of it is personal: erasing a person deletes their rows here.
CREATE TABLE accounts (
    owner text NOT NULL PRIMARY KEY REFERENCES users (name),
    email text,
    email_key text UNIQUE,
    password text NOT NULL,
    second_factor bytea,
    second_factor_active boolean NOT NULL,
    second_factor_step bigint NOT NULL,
    create_time bigint NOT NULL,
    update_time bigint NOT NULL
);

CREATE TABLE recovery_codes (
    owner text NOT NULL REFERENCES users (name),
    code_hash bytea NOT NULL,
    PRIMARY KEY (owner, code_hash)
);

CREATE TABLE sessions (
    id text NOT NULL PRIMARY KEY,
    owner text NOT NULL REFERENCES users (name),
    method text NOT NULL,
    address text NOT NULL,
    agent text NOT NULL,
    family_hash bytea NOT NULL,
    token_hash bytea NOT NULL,
    previous_hash bytea,
    successor_salt bytea,
    rotate_time bigint NOT NULL,
    create_time bigint NOT NULL,
    expire_time bigint NOT NULL,
    revoke_time bigint
);
CREATE INDEX ix_sessions_owner ON sessions (owner);

-- What a mail carries to prove that its reader has the address.
CREATE TABLE mail_tokens (
    token_hash bytea NOT NULL PRIMARY KEY,
    purpose text NOT NULL,
    email text NOT NULL,
    email_key text NOT NULL,
    owner text,
    role text NOT NULL,
    create_time bigint NOT NULL,
    expire_time bigint NOT NULL
);

-- Leaky buckets of attempts: when the last counted one will have leaked away.
CREATE TABLE attempts (
    subject text NOT NULL PRIMARY KEY,
    drained_time bigint NOT NULL
);

-- People as other providers know them.
CREATE TABLE external_identities (
    issuer text NOT NULL,
    subject text NOT NULL,
    owner text NOT NULL REFERENCES users (name),
    provider text NOT NULL,
    email text NOT NULL,
    create_time bigint NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX ix_external_identities_owner ON external_identities (owner);

-- Sign-ins that wait for a provider's answer.
CREATE TABLE provider_flows (
    secret_hash bytea NOT NULL PRIMARY KEY,
    provider text NOT NULL,
    redirect_uri text NOT NULL,
    owner text,
    expire_time bigint NOT NULL
);

-- Users that are programs of one project.
CREATE TABLE service_accounts (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    project text NOT NULL,
    owner text NOT NULL REFERENCES users (name),
    display_name text NOT NULL,
    creator text NOT NULL,
    create_time bigint NOT NULL
);
CREATE INDEX ix_service_accounts_project ON service_accounts (project);
