-- One row: how many articles are not in the index.

select count(*) as waiting
from main.articles as current
anti join search.articles as indexed on current.article_id = indexed.article_id
