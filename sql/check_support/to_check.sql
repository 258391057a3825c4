-- Articles of which rows differ from those in the database `checked`.

create or replace temp table to_check as
with sums as (
    select
        article_id,
        sum(fingerprint) filter (where not is_before) as fingerprint,
        sum(fingerprint) filter (where is_before) as fingerprint_before,
    from row_sums
    group by table_name, article_id
)

select distinct article_id
from sums
where fingerprint is distinct from fingerprint_before
