-- Month by month, how often somebody or something is named and quoted: from timeline('kerry').

create or replace macro timeline(what) as table
    with meant as (
        select entity_id
        from entities_named(what)
    ),

    named as (
        select
            date_trunc('month', articles.published_on)::date as month,
            count(distinct mentions.article_id) as article_count,
            count(*) as mention_count,
        from mentions
        inner join articles on mentions.article_id = articles.article_id
        where mentions.entity_id in (select entity_id from meant)
        group by all
    ),

    quoted as (
        select
            month,
            sum(quote_count)::bigint as quote_count,
        from mart.speakers_by_month
        where entity_id in (select entity_id from meant)
        group by month
    )

    select
        named.month,
        named.article_count,
        named.mention_count,
        coalesce(quoted.quote_count, 0) as quote_count,
    from named
    left join quoted on named.month = quoted.month
    order by named.month;

comment on macro table timeline is 'Month by month, how often somebody or something is named and quoted. what: words of the name.';
