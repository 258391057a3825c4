-- How many edges there are, and how many there would be without a limit.

with pairs as (
    select distinct
        entity_id,
        other_id
    from mart.co_mentions
)

select
    (select count(*) from edges) as edge_count,
    (select count(*) from pairs) as pair_count,
    (
        select count(*)
        from mart.speaker_topics
        where kind in ('person', 'organization')
    ) as topic_count;
