-- The clusters as they are now; `clustered` has a row per article of a pair.

update articles
set cluster_id = clustered.cluster_id
from clustered
where
    articles.article_id = clustered.article_id
    and articles.cluster_id is distinct from clustered.cluster_id;

update articles
set cluster_id = null
where
    articles.cluster_id is not null
    and articles.article_id not in (select article_id from clustered);

delete from ops.uncompared;
