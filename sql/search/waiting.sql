-- One row: the number of articles that are not indexed.

select count(*) as waiting
from main.articles as current
anti join search.articles as indexed on current.article_id = indexed.article_id
