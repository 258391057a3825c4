-- No article, entity or run has two rows. Keys ensure it in a file, but a lake has none.

select
    'article' as table_name,
    article_id::varchar as id,
from articles
group by article_id
having count(*) > 1
union all
select
    'entity' as table_name,
    entity_id::varchar as id,
from entities
group by entity_id
having count(*) > 1
union all
select
    'run' as table_name,
    run_id as id,
from ops.runs
group by run_id
having count(*) > 1
