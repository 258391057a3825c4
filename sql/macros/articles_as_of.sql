-- Articles as the warehouse had them at a moment: from articles_as_of('2016-01-31 12:00').

create or replace macro articles_as_of(moment) as table
    with asked as (
        -- Times are kept in UTC: one with a zone (now()) is brought there, one without is taken as UTC.
        select
            if(
                typeof(moment) = 'TIMESTAMP WITH TIME ZONE',
                make_timestamp(epoch_us(moment::timestamptz)),
                moment::timestamp
            ) as at
    )

    select articles.*
    from articles
    cross join asked
    where articles.loaded_at <= asked.at
    union all by name
    select article_versions.* exclude (superseded_at)
    from article_versions
    cross join asked
    where
        article_versions.loaded_at <= asked.at
        and article_versions.superseded_at > asked.at;

comment on macro table articles_as_of is 'Articles as they were loaded at a moment (UTC), columns as in articles. moment: a time, such as ''2016-01-31 12:00''. Quotes and mentions are kept for current versions only, not for replaced ones.';
