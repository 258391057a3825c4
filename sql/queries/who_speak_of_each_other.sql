-- Who mentions whom, and is mentioned back? See quotes_between('one', 'another') for the quotes.

select
    one.speaker as one,
    one.entity as another,
    one.quote_count as one_on_another,
    another.quote_count as another_on_one,
    least(one.first_on, another.first_on) as first_on,
    greatest(one.last_on, another.last_on) as last_on,
from mart.speaker_topics as one
inner join mart.speaker_topics as another
    on
        one.speaker_entity_id = another.entity_id
        and one.entity_id = another.speaker_entity_id
where (one.speaker, one.speaker_entity_id) < (one.entity, one.entity_id)
order by one.quote_count + another.quote_count desc, one.speaker, one.entity
limit 10;
