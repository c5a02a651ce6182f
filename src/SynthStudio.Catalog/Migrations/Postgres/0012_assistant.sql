-- Tokens of language models that projects took or set aside, by month: what their quotas are held against.
CREATE TABLE assistant_tokens (
    project text NOT NULL,
    month bigint NOT NULL,
    tokens bigint NOT NULL,
    PRIMARY KEY (project, month)
);

-- The same by what they were for, when an answer has come. Outlives the project, as what its jobs took does.
CREATE TABLE assistant_usage (
    project text NOT NULL,
    month bigint NOT NULL,
    task text NOT NULL,
    questions bigint NOT NULL,
    asked bigint NOT NULL,
    answered bigint NOT NULL,
    PRIMARY KEY (project, month, task)
);

CREATE INDEX ix_assistant_usage_month ON assistant_usage (month);

-- Data sets whose values may be sent to language models: who said so, when, and where to.
CREATE TABLE assistant_consents (
    dataset text NOT NULL PRIMARY KEY,
    project text NOT NULL,
    grantor text NOT NULL,
    recipients text NOT NULL,
    grant_time bigint NOT NULL
);

CREATE INDEX ix_assistant_consents_project ON assistant_consents (project);
