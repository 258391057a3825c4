-- Bodies of more than 100,000 characters in pieces: one row per 250 characters, each with the following 1,000.
-- Substring counts characters from the start of a body, so looking up every offset would take quadratic time.

create or replace temp table body_pieces as
with long_bodies as (
    select
        article_id,
        regexp_extract_all(body, '(?s).{1,250}') as pieces,
    from slice_articles
    where is_long
),

numbered as (
    select
        article_id,
        generate_subscripts(pieces, 1) - 1 as piece_no,
        unnest(pieces) as piece,
    from long_bodies
)

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
from numbered;
