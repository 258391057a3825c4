-- Each quote has the speakers that quote_speakers has for it, numbered from 0, and their role. A joint quote has the names
-- of all, and no entity or role of its own; see also sql/aliases/1_renames.sql.

with spoken as (
    select
        quote_speakers.article_id,
        quote_speakers.quote_no,
        list(quote_speakers.speaker_no order by quote_speakers.speaker_no) as numbers,
        list(quote_speakers.speaker order by quote_speakers.speaker_no) as speakers,
        list(quote_speakers.speaker_name order by quote_speakers.speaker_no) as names,
        list(quote_speakers.speaker_entity_id order by quote_speakers.speaker_no) as entity_ids,
        list(
            (quote_speakers.speaker_role, quote_speakers.role_start, quote_speakers.role_end)
            order by quote_speakers.speaker_no
        ) as roles,
    from quote_speakers
    semi join slice_articles on quote_speakers.article_id = slice_articles.article_id
    group by quote_speakers.article_id, quote_speakers.quote_no
),

expected as (
    select
        article_id,
        quote_no,
        numbers,
        if(
            len(speakers) = 1, speakers[1], array_to_string(speakers[:-2], ', ') || ' and ' || speakers[-1]
        ) as speaker,
        if(
            len(names) = 1, names[1], array_to_string(names[:-2], ', ') || ' and ' || names[-1]
        ) as speaker_name,
        if(len(entity_ids) = 1, entity_ids[1], null) as speaker_entity_id,
        if(len(roles) = 1, roles[1], (null, null, null)) as role,
    from spoken
),

given as (
    select
        quotes.article_id,
        quotes.quote_no,
        quotes.speaker_count,
        quotes.speaker,
        quotes.speaker_name,
        quotes.speaker_entity_id,
        (quotes.speaker_role, quotes.role_start, quotes.role_end) as role,
    from quotes
    semi join slice_articles on quotes.article_id = slice_articles.article_id
)

select
    coalesce(given.article_id, expected.article_id) as article_id,
    coalesce(given.quote_no, expected.quote_no) as quote_no,
    given.speaker as quoted_speaker,
    expected.speaker as expected_speaker,
from given
full join expected on given.article_id = expected.article_id and given.quote_no = expected.quote_no
where
    given.article_id is null
    or coalesce(expected.numbers, []) != range(given.speaker_count)
    or (given.speaker, given.speaker_name, given.speaker_entity_id)
    is distinct from (expected.speaker, expected.speaker_name, expected.speaker_entity_id)
    or (given.speaker is not null and given.role is distinct from expected.role)
