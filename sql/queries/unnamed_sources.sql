-- How often does each section rely on unnamed sources (officials, one diplomat), and who are they?

with unnamed as (
    select
        articles.section,
        quotes.article_id,
        quotes.quote_no,
        lower(quote_speakers.speaker) as source,
    from quotes
    inner join quote_speakers
        on quotes.article_id = quote_speakers.article_id and quotes.quote_no = quote_speakers.quote_no
    inner join articles on quotes.article_id = articles.article_id
    where
        quote_speakers.speaker_entity_id is null
        and quotes.kind != 'act'
),

by_section as (
    select
        section,
        count(distinct struct_pack(article := article_id, quote := quote_no)) as quote_count,
        count(distinct article_id) as article_count,
    from unnamed
    group by section
),

by_source as (
    select
        section,
        source,
        count(*) as times,
    from unnamed
    group by section, source
),

commonest as (
    select
        section,
        array_to_string(arg_max(source, (times, source), 3), ', ') as sources,
    from by_source
    group by section
),

totals as (
    select
        section,
        sum(quote_count) as quote_count,
    from mart.daily_articles
    group by section
)

select
    by_section.section,
    by_section.quote_count as unnamed_quotes,
    round(100 * by_section.quote_count / totals.quote_count, 1) as percent_of_quotes,
    by_section.article_count as articles,
    commonest.sources as commonest,
from by_section
inner join commonest on by_section.section is not distinct from commonest.section
inner join totals on by_section.section is not distinct from totals.section
order by percent_of_quotes desc, by_section.section
limit 10;
