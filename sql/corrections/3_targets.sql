-- The articles to which lines of corrections.csv apply: those that they name, and those with a name that they dismiss.

with dismissed as (
    select lower(words) as name
    from ops.corrections
    where what = 'dismiss' and article is null
)

select articles.article_id
from articles
semi join ops.corrections on articles.source_path = corrections.article
union
select mentions.article_id
from mentions
semi join dismissed on lower(mentions.name) = dismissed.name
union
select mentions.article_id
from mentions
inner join entities on mentions.entity_id = entities.entity_id
semi join dismissed on lower(entities.name) = dismissed.name
