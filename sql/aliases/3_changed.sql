-- The published file lacks this, and the marts.

insert into ops.touched_days
select distinct articles.published_on
from articles
inner join mentions on articles.article_id = mentions.article_id
semi join ops.touched_entities on mentions.entity_id = touched_entities.entity_id;

drop table staged_mentions;
drop table staged_entities;
update ops.warehouse set change_no = change_no + 1;
