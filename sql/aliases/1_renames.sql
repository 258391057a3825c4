-- Apply changed aliases to mentions, quotes and their speakers. `renames` has one row per name and kind in articles that a changed
-- line affects, `unnamed_renames` one per speaker of whom the article has no mention ("the ministry"), with an entity if the line has a
-- kind.

create or replace temp table staged_mentions as
select
    renames.entity_id,
    mentions.article_id,
    mentions.text,
    renames.new_name as name,
from renames
inner join mentions on renames.name = mentions.name and renames.kind = mentions.kind;

create or replace temp table renamed_unnamed as
select
    quote_speakers.article_id,
    quote_speakers.quote_no,
    quote_speakers.speaker_no,
    quote_speakers.speaker_entity_id as previous_id,
    unnamed_renames.entity_id,
    unnamed_renames.new_name,
    unnamed_renames.new_kind,
from quote_speakers
inner join unnamed_renames on quote_speakers.speaker_name = unnamed_renames.name
anti join mentions
    on quote_speakers.article_id = mentions.article_id and quote_speakers.speaker_name = mentions.name;

create or replace temp table staged_quote_speakers as
select
    entity_id as speaker_entity_id,
    new_name as speaker,
    article_id,
from renamed_unnamed;

create or replace temp table staged_entities as
with found as (
    select
        renames.entity_id,
        renames.new_kind,
        entities.country_code,
    from renames
    inner join mentions on renames.name = mentions.name and renames.kind = mentions.kind
    inner join entities on mentions.entity_id = entities.entity_id
    union all
    select
        entity_id,
        new_kind,
        null as country_code,
    from renamed_unnamed
    where entity_id is not null
)

select
    entity_id,
    any_value(new_kind) as kind,
    max(country_code) as country_code,
from found
group by entity_id;

create or replace temp table previous_entities as
select mentions.entity_id
from mentions
inner join renames on mentions.name = renames.name and mentions.kind = renames.kind
union
select previous_id as entity_id
from renamed_unnamed
where previous_id is not null;

-- Mentions that get another entity. Those of new articles need no mark: the marts have yet to read them.
create or replace temp table moved_mentions as
select
    mentions.article_id,
    mentions.field,
    mentions.char_start,
    mentions.entity_id as previous_id,
    renames.entity_id,
from mentions
inner join renames on mentions.name = renames.name and mentions.kind = renames.kind
anti join ops.new_articles on mentions.article_id = new_articles.article_id
where mentions.entity_id != renames.entity_id;

-- The speakers of quotes with such a mention are marked too: they speak of another entity now.
insert into ops.dirty_entities
select previous_id as entity_id from moved_mentions
union
select entity_id from moved_mentions
union
select quote_speakers.speaker_entity_id as entity_id
from moved_mentions
inner join quotes
    on
        moved_mentions.article_id = quotes.article_id
        and moved_mentions.char_start between quotes.char_start and quotes.char_end - 1
inner join quote_speakers
    on quotes.article_id = quote_speakers.article_id and quotes.quote_no = quote_speakers.quote_no
where
    moved_mentions.field = 'body'
    and quote_speakers.speaker_entity_id is not null
union
select entity_id from renames
where is_changed
union
select mentions.entity_id
from mentions
inner join renames on mentions.name = renames.name and mentions.kind = renames.kind
where renames.is_changed
union
select previous_id as entity_id
from renamed_unnamed
where previous_id is not null
union
select entity_id from renamed_unnamed
where entity_id is not null;

create or replace temp table renamed_speakers as
select distinct
    mentions.article_id,
    mentions.entity_id as previous_id,
    renames.name,
    renames.new_name,
    renames.entity_id,
from mentions
inner join renames on mentions.name = renames.name and mentions.kind = renames.kind;

create or replace temp table changed_days as
select articles.published_on
from articles
semi join moved_mentions on articles.article_id = moved_mentions.article_id
union
select articles.published_on
from articles
semi join renamed_unnamed on articles.article_id = renamed_unnamed.article_id
union
select articles.published_on
from articles
inner join quote_speakers on articles.article_id = quote_speakers.article_id
inner join renamed_speakers
    on
        quote_speakers.article_id = renamed_speakers.article_id
        and quote_speakers.speaker_name = renamed_speakers.name
        and quote_speakers.speaker_entity_id = renamed_speakers.previous_id
anti join ops.new_articles on articles.article_id = new_articles.article_id
where quote_speakers.speaker != renamed_speakers.new_name;

update mentions
set entity_id = renames.entity_id
from renames
where
    mentions.name = renames.name
    and mentions.kind = renames.kind
    and mentions.entity_id != renames.entity_id;

update quote_speakers
set
    speaker = renamed_speakers.new_name,
    speaker_entity_id = renamed_speakers.entity_id
from renamed_speakers
where
    quote_speakers.article_id = renamed_speakers.article_id
    and quote_speakers.speaker_name = renamed_speakers.name
    and quote_speakers.speaker_entity_id = renamed_speakers.previous_id;

update quote_speakers
set
    speaker = renamed_unnamed.new_name,
    speaker_entity_id = renamed_unnamed.entity_id
from renamed_unnamed
where
    quote_speakers.article_id = renamed_unnamed.article_id
    and quote_speakers.quote_no = renamed_unnamed.quote_no
    and quote_speakers.speaker_no = renamed_unnamed.speaker_no;

-- A joint quote has the names of all its speakers, and no entity of its own.
update quotes
set
    speaker = spoken.speaker,
    speaker_entity_id = spoken.speaker_entity_id
from (
    with named as (
        select
            article_id,
            quote_no,
            list(speaker order by speaker_no) as names,
            any_value(speaker_entity_id) as speaker_entity_id,
        from quote_speakers
        where
            article_id in (select article_id from renamed_speakers)
            or article_id in (select article_id from renamed_unnamed)
        group by article_id, quote_no
    )

    select
        article_id,
        quote_no,
        if(
            len(names) = 1, names[1], array_to_string(names[:-2], ', ') || ' and ' || names[-1]
        ) as speaker,
        if(len(names) = 1, speaker_entity_id, null) as speaker_entity_id,
    from named
) as spoken
where
    quotes.article_id = spoken.article_id
    and quotes.quote_no = spoken.quote_no
    and (quotes.speaker, quotes.speaker_entity_id)
    is distinct from (spoken.speaker, spoken.speaker_entity_id);

drop table renamed_speakers;
