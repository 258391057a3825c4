-- Articles that mention two entities, newest first: from articles_with_both('kerry', 'lavrov').

create or replace macro articles_with_both(one, another) as table
    with matches as materialized (
        select *
        from named_either(one, another)
    ),

    mentioning as (
        select
            mentions.article_id,
            count_if(matches.is_one)::bigint as one_count,
            count_if(matches.is_another)::bigint as another_count,
        from mentions
        inner join matches on mentions.entity_id = matches.entity_id
        group by mentions.article_id
        having one_count > 0 and another_count > 0
    )

    select
        articles.published_on,
        articles.section,
        articles.title,
        articles.outlet,
        mentioning.one_count,
        mentioning.another_count,
        articles.article_id,
        articles.source_path,
        articles.url,
    from mentioning
    inner join articles on mentioning.article_id = articles.article_id
    order by articles.published_on desc, articles.article_id;

comment on macro table articles_with_both is 'Articles that mention two entities, newest first, with the number of mentions of each. one, another: a name or part of it.';
