-- No article is known to be unchanged: all must be checked.

create or replace temp table to_check as
select article_id
from articles
