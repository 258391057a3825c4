-- Every quote's offsets give its text, its cue and its speaker. Long bodies are cut into pieces once, as in
-- mention_text_is_at_its_place.

with pieces as (
    select
        article_id,
        piece_no,
        array_to_string(
            list(piece) over (
                partition by article_id
                order by piece_no rows between current row and 4 following
            ),
            ''
        ) as text,
    from (
        select
            article_id,
            generate_subscripts(cut, 1) - 1 as piece_no,
            unnest(cut) as piece,
        from (
            select
                article_id,
                regexp_extract_all(body, '(?s).{1,250}') as cut,
            from articles
            where length(body) > 100000
        ) as long_bodies
    ) as numbered
),

named as (
    select
        article_id,
        quote_no,
        text as quote,
        unnest([text, cue, speaker_text]) as text,
        unnest([char_start, cue_start, speaker_start]) as char_start,
        unnest([char_end, cue_end, speaker_end]) as char_end,
    from quotes
),

places as (
    select
        named.*,
        articles.body,
        coalesce(named.char_end - named.char_start, 0) <= 1000
        and length(articles.body) > 100000 as is_in_pieces,
    from named
    inner join articles on named.article_id = articles.article_id
)

select
    article_id,
    quote_no,
    quote as text,
from places
where
    case
        when is_in_pieces then false
        else substring(body, char_start + 1, char_end - char_start) is distinct from text
    end
union all
select
    places.article_id,
    places.quote_no,
    places.quote as text,
from places
left join pieces
    on places.article_id = pieces.article_id and places.char_start // 250 = pieces.piece_no
where
    places.is_in_pieces
    and substring(pieces.text, places.char_start % 250 + 1, places.char_end - places.char_start)
    is distinct from places.text
