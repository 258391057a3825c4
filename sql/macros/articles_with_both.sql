-- Articles that name both of two, newest first: from articles_with_both('kerry', 'lavrov').

create or replace macro articles_with_both(one, another) as table
    with meant as materialized (
        select *
        from named_either(one, another)
    ),

    both_named as (
        select
            mentions.article_id,
            count_if(meant.is_one) as one_count,
            count_if(meant.is_another) as another_count,
        from mentions
        inner join meant on mentions.entity_id = meant.entity_id
        group by mentions.article_id
        having one_count > 0 and another_count > 0
    )

    select
        articles.published_on,
        articles.section,
        articles.title,
        both_named.one_count,
        both_named.another_count,
        articles.article_id,
        articles.source_path,
    from both_named
    inner join articles on both_named.article_id = articles.article_id
    order by articles.published_on desc, articles.article_id;

comment on macro table articles_with_both is 'Articles that name both of two, newest first, with how often each. one, another: words of a name.';
