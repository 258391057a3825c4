-- Every mention's offsets give its text. Long bodies are cut into pieces once, for all that lies within five
-- of them: to count a body's characters for each mention again would take the square of its length.

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

places as (
    select
        mentions.*,
        articles.title,
        articles.body,
        mentions.field = 'body'
        and mentions.char_end - mentions.char_start <= 1000
        and length(articles.body) > 100000 as is_in_pieces,
    from mentions
    inner join articles on mentions.article_id = articles.article_id
)

select
    article_id,
    mention_no,
    text,
from places
where
    case
        when is_in_pieces then false
        else
            substring(if(field = 'title', title, body), char_start + 1, char_end - char_start)
            is distinct from text
    end
union all
select
    places.article_id,
    places.mention_no,
    places.text,
from places
left join pieces
    on places.article_id = pieces.article_id and places.char_start // 250 = pieces.piece_no
where
    places.is_in_pieces
    and substring(pieces.text, places.char_start % 250 + 1, places.char_end - places.char_start)
    is distinct from places.text
