-- Articles as they were in the warehouse at a point in time: from articles_as_of('2016-01-31 12:00').

create or replace macro articles_as_of(moment) as table
    with parameters as (
        -- Stored times are in UTC: a time with a zone, such as now(), is converted, one without counts as UTC.
        select
            if(
                typeof(moment) = 'TIMESTAMP WITH TIME ZONE',
                make_timestamp(epoch_us(moment::timestamptz)),
                moment::timestamp
            ) as at
    )

    select articles.*
    from articles
    cross join parameters
    where articles.loaded_at <= parameters.at
    union all by name
    select article_versions.* exclude (superseded_at)
    from article_versions
    cross join parameters
    where
        article_versions.loaded_at <= parameters.at
        and article_versions.superseded_at > parameters.at;

comment on macro table articles_as_of is 'Articles as they were in the warehouse at a point in time (UTC), with the columns of articles. Quotes and mentions exist for current versions only. moment: a time, such as ''2016-01-31 12:00''.';
