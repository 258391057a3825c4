-- Articles leave the index that are gone, or there in another version.

delete from search.articles as indexed
where not exists (
    select 1
    from main.articles as current
    where
        current.article_id = indexed.article_id
        and current.version = indexed.version
);
