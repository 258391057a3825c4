-- No article is known to hold: all are to be looked at.

create or replace temp table held as
select article_id
from articles
where false;
