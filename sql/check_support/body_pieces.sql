-- Bodies of over 100,000 characters, cut once: one row per 250 characters, each with the 1,000 that follow.
-- To count a body's characters anew for each place in it would take the square of its length.

create or replace temp table body_pieces as
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
        from checking
        where is_long
    ) as long_bodies
) as numbered;
