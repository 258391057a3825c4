-- Alerts: what is not as it usually is, found by the rules in sql/alerts.

create table ops.alerts (
    alert_id bigint not null,
    rule varchar not null,
    subject varchar not null,
    message varchar not null,
    value double,
    threshold double,
    raised_at timestamp not null,
    last_seen_at timestamp not null,
    resolved_at timestamp,
    sent_at timestamp
);
comment on table ops.alerts is 'One row per alert: a cause, from the run that found it to the run that found it gone.';
comment on column ops.alerts.alert_id is 'Stable id, made of rule, subject and raised_at.';
comment on column ops.alerts.rule is 'File in sql/alerts that found it, without .sql.';
comment on column ops.alerts.subject is 'What it is about: a section, an agency, a flow, a check.';
comment on column ops.alerts.message is 'What is wrong and what to do, as last found.';
comment on column ops.alerts.value is 'What was measured, as last found; null where nothing is measured.';
comment on column ops.alerts.threshold is 'What the value was held against; null where nothing is measured.';
comment on column ops.alerts.raised_at is 'When it was found, UTC.';
comment on column ops.alerts.last_seen_at is 'When it was last found, UTC; in the published file as of its last change.';
comment on column ops.alerts.resolved_at is 'When it was found gone, UTC; null while it is open.';
comment on column ops.alerts.sent_at is 'When it was handed to Prefect to be sent, UTC; null where no Prefect server was there.';
