-- Remove articles from the index that are deleted or have a newer version.

delete from search.articles as indexed
where not exists (
    select 1
    from main.articles as current
    where
        current.article_id = indexed.article_id
        and current.version = indexed.version
);
