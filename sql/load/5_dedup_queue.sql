-- Queue new texts for comparison with those of nearby days, and drop the results of replaced ones.

delete from ops.near_pairs where article_id in (select article_id from replaced_articles);
delete from ops.near_pairs where other_id in (select article_id from replaced_articles);

delete from ops.near_bands where article_id in (select article_id from replaced_articles);

insert into ops.dedup_queue
select staged_articles.article_id
from staged_articles
anti join ops.dedup_queue on staged_articles.article_id = dedup_queue.article_id;

drop table replaced_articles;
