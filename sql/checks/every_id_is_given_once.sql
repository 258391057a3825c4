-- An article, an entity or a run that has two rows. In a file keys refuse it; a lake has none.

select
    'article' as what,
    article_id::varchar as id,
from articles
group by article_id
having count(*) > 1
union all
select
    'entity' as what,
    entity_id::varchar as id,
from entities
group by entity_id
having count(*) > 1
union all
select
    'run' as what,
    run_id as id,
from ops.runs
group by run_id
having count(*) > 1
