-- One row per quote of one page of those that match, newest first, with its article and a list of its speakers.

with page as (
    select
        article_id,
        quote_no,
        published_at,
    from matching
    order by published_at desc, article_id, quote_no
    limit $row_limit offset $row_offset
),

speakers as (
    select
        quote_speakers.article_id,
        quote_speakers.quote_no,
        list(
            struct_pack(entity_id := quote_speakers.speaker_entity_id, name := quote_speakers.speaker)
            order by quote_speakers.speaker_no
        ) as speakers,
    from quote_speakers
    inner join page on quote_speakers.article_id = page.article_id and quote_speakers.quote_no = page.quote_no
    group by quote_speakers.article_id, quote_speakers.quote_no
)

select
    quotes.*,
    coalesce(speakers.speakers, []) as speakers,
    articles.title,
    articles.published_on,
    articles.outlet,
    articles.section,
from page
inner join quotes on page.article_id = quotes.article_id and page.quote_no = quotes.quote_no
inner join articles on page.article_id = articles.article_id
left join speakers on page.article_id = speakers.article_id and page.quote_no = speakers.quote_no
order by page.published_at desc, page.article_id, page.quote_no
