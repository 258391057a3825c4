-- Edges of people mentioned within 200 characters of each other, in at least $at_least articles. Undirected.

create or replace temp table edges as
select
    entity_id as source_id,
    other_id as target_id,
    sum(article_count)::integer as article_count,
    strftime(min(month), '%Y-%m') as first_month,
    strftime(max(month), '%Y-%m') as last_month
from mart.co_mentions
group by entity_id, other_id
having sum(article_count) >= $at_least;
