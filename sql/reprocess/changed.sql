-- Record the new extractor version of the articles, and count the change for publish.

update articles
set extractor_version = staged_articles.extractor_version
from staged_articles
where articles.article_id = staged_articles.article_id;

update ops.warehouse set change_no = change_no + 1;
