-- All quotes with their stratum by the columns in $by, and with their place in a random order: a hash of $seed and where the quote is,
-- so the same seed draws the same quotes, however they were loaded. Acts of speech have no words to check.

create or replace temp table labelled as
select
    quotes.article_id,
    quotes.quote_no,
    array_to_string(
        list_transform(
            $by,
            lambda name: coalesce(
                map {
                    'kind': quotes.kind,
                    'outlet': articles.outlet,
                    'section': articles.section,
                    'agency': articles.agency,
                    'language': articles.language,
                    'form': articles.form,
                    'speaker_type': quotes.speaker_type,
                    'year': strftime(articles.published_on, '%Y'),
                    'month': strftime(articles.published_on, '%Y-%m')
                }[name],
                'no ' || name
            )
        ),
        ', '
    ) as stratum,
    md5(concat_ws('|', $seed, articles.source_path, quotes.char_start, quotes.text)) as draw_order,
from quotes
inner join articles on quotes.article_id = articles.article_id
where quotes.kind != 'act';
