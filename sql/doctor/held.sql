-- One row: how many files and articles in files an embargo holds, and until when the first and the last of them.

select
    count(distinct delivery_id) as held_count,
    min(held_until) as first_until,
    max(held_until) as last_until,
from ops.quarantine
where released_at is null and held_until is not null
