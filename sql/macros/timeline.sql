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

    -- Not from mart.speakers_by_month: a joint quote of two entities that match counts once.
    spoken as (
        select distinct
            quote_speakers.article_id,
            quote_speakers.quote_no,
        from quote_speakers
        where quote_speakers.speaker_entity_id in (select entity_id from matches)
    ),

    quote_counts as (
        select
            date_trunc('month', articles.published_on)::date as month,
            count(*) as quote_count,
        from quotes
        inner join spoken on quotes.article_id = spoken.article_id and quotes.quote_no = spoken.quote_no
        inner join articles on quotes.article_id = articles.article_id
        where quotes.kind != 'act'
        group by all
    )

    select
        mention_counts.month,
        mention_counts.article_count,
        mention_counts.mention_count,
        coalesce(quote_counts.quote_count, 0) as quote_count,
    from mention_counts
    left join quote_counts on mention_counts.month = quote_counts.month
    order by mention_counts.month;

comment on macro table timeline is 'Mentions and quotes of an entity by month, without acts. what: a name or part of it.';
