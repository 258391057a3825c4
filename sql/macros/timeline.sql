-- Mentions and quotes of an entity by month: from timeline('kerry').

create or replace macro timeline(what) as table
    with matches as (
        select entity_id
        from entities_named(what)
    ),

    mention_counts as (
        select
            date_trunc('month', articles.published_on)::date as month,
            count(distinct mentions.article_id) as article_count,
            count(*) as mention_count,
        from mentions
        inner join articles on mentions.article_id = articles.article_id
        where mentions.entity_id in (select entity_id from matches)
        group by all
    ),

    quote_counts as (
        select
            month,
            sum(quote_count)::bigint as quote_count,
        from mart.speakers_by_month
        where entity_id in (select entity_id from matches)
        group by month
    )

    select
        mention_counts.month,
        mention_counts.article_count,
        mention_counts.mention_count,
        coalesce(quote_counts.quote_count, 0) as quote_count,
    from mention_counts
    left join quote_counts on mention_counts.month = quote_counts.month
    order by mention_counts.month;

comment on macro table timeline is 'Mentions and quotes of an entity by month. what: a name or part of it.';
