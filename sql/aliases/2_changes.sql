-- Mark the affected days for the marts, and count the change for publish.

insert into ops.dirty_days
select distinct articles.published_on
from articles
inner join mentions on articles.article_id = mentions.article_id
semi join renames on mentions.name = renames.name and mentions.kind = renames.kind
union
select articles.published_on
from articles
semi join renamed_unnamed on articles.article_id = renamed_unnamed.article_id;

drop table renamed_unnamed;
drop table staged_quote_speakers;
drop table staged_mentions;
drop table staged_entities;
update ops.warehouse set change_no = change_no + 1;
