-- The articles' names and quotes are those of another extractor version now; the published file lacks them.

update articles
set extractor_version = staged_articles.extractor_version
from staged_articles
where articles.article_id = staged_articles.article_id;

update ops.warehouse set change_no = change_no + 1;
