-- Alerts, newest first; $everything includes resolved ones.

select
    rule,
    subject,
    value,
    threshold,
    message,
    raised_at,
    last_seen_at,
    resolved_at,
    sent_at,
from read_parquet($file)
where $everything or resolved_at is null
order by raised_at desc, rule, subject
