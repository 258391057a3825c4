-- Articles that mention an entity, newest first: from articles_mentioning('geneva').

create or replace macro articles_mentioning(what) as table
    with mentioning as (
        select
            mentions.article_id,
            count(*) as mention_count,
        from mentions
        where
            mentions.entity_id in (
                select entity_id
                from entities_named(what)
            )
        group by mentions.article_id
    )

    select
        articles.published_on,
        articles.section,
        articles.title,
        articles.outlet,
        mentioning.mention_count,
        articles.article_id,
        articles.source_path,
        articles.url,
    from mentioning
    inner join articles on mentioning.article_id = articles.article_id
    order by articles.published_on desc, mentioning.mention_count desc, articles.article_id;

comment on macro table articles_mentioning is 'Articles that mention an entity, newest first. what: a name or part of it.';
