-- Where events of projects are sent to. Secrets are derived from their salts and the server's key, and stand nowhere.
CREATE TABLE webhooks (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    project text NOT NULL,
    display_name text NOT NULL,
    url text NOT NULL,
    event_types text NOT NULL,
    disabled boolean NOT NULL,
    salt bytea NOT NULL,
    old_salt bytea NULL,
    old_salt_until bigint NULL,
    failures integer NOT NULL,
    not_before bigint NOT NULL,
    creator text NOT NULL,
    create_time bigint NOT NULL,
    update_time bigint NOT NULL,
    version bigint NOT NULL
);

CREATE INDEX ix_webhooks_project ON webhooks (project, create_time, name);

-- Events on their way. While one is being sent its due_time is when it is sent again if nothing is heard of it.
CREATE TABLE webhook_deliveries (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    webhook text NOT NULL,
    type text NOT NULL,
    body text NOT NULL,
    state text NOT NULL,
    attempt integer NOT NULL,
    attempts text NOT NULL,
    create_time bigint NOT NULL,
    due_time bigint NOT NULL,
    give_up_time bigint NOT NULL,
    end_time bigint NULL
);

CREATE INDEX ix_webhook_deliveries_webhook ON webhook_deliveries (webhook, create_time, name);
CREATE INDEX ix_webhook_deliveries_due ON webhook_deliveries (webhook, due_time) WHERE state = 'Pending';
CREATE INDEX ix_webhook_deliveries_end ON webhook_deliveries (end_time) WHERE end_time IS NOT NULL;
