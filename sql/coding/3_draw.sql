-- A random sample of each stratum: as many quotes as $counts has for it in $strata.

with wanted as (
    select
        unnest($strata) as stratum,
        unnest($counts) as wanted_count,
),

drawn as (
    select
        labelled.article_id,
        labelled.quote_no,
        labelled.stratum,
        labelled.draw_order,
    from labelled
    inner join wanted on labelled.stratum = wanted.stratum
    qualify
        row_number() over (partition by labelled.stratum order by labelled.draw_order)
        <= wanted.wanted_count
)

select
    quotes.article_id,
    quotes.quote_no,
    articles.source_path,
    articles.outlet,
    articles.published_on,
    articles.title,
    articles.body,
    quotes.text,
    quotes.char_start,
    quotes.char_end,
    quotes.kind,
    quotes.speaker,
    quotes.confidence,
    articles.extractor_version,
    drawn.stratum,
from drawn
inner join quotes on drawn.article_id = quotes.article_id and drawn.quote_no = quotes.quote_no
inner join articles on drawn.article_id = articles.article_id
order by drawn.draw_order
