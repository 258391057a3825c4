-- Articles with words of the same stems, best first (BM25): from search_articles('peace talks').

create or replace macro search_articles(words, top := 20) as table
    with ranked as (
        select
            article_id,
            score,
        from ranked_articles(words)
        order by score desc, article_id
        limit top
    ),

    patterns as (
        select pattern
        from pattern_of(words)
    )

    select
        round(ranked.score, 2) as score,
        articles.published_on,
        articles.section,
        articles.title,
        articles.outlet,
        marked_snippet(articles.body, patterns.pattern) as snippet,
        articles.article_id,
        articles.source_path,
        articles.url,
    from ranked
    inner join articles on ranked.article_id = articles.article_id
    cross join patterns
    order by score desc, articles.article_id;

comment on macro table search_articles is 'Articles with words of the same stems, best first (BM25), with a snippet. words: the words to search for; top: the maximum number of articles, by default 20.';
