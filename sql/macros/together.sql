-- Articles that name both of two, newest first: from together('kerry', 'lavrov').

create or replace macro together(one, another) as table
    with named as (
        select
            mentions.article_id,
            mentions.entity_id in (
                select names.entity_id
                from mart.names
                where contains(names.form, folded(one))
            ) as is_one,
            mentions.entity_id in (
                select names.entity_id
                from mart.names
                where contains(names.form, folded(another))
            ) as is_another,
        from mentions
        where is_one or is_another
    ),

    both_named as (
        select
            article_id,
            count_if(is_one) as one_count,
            count_if(is_another) as another_count,
        from named
        group by article_id
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

comment on macro table together is 'Articles that name both of two, newest first, with how often each.';
