-- Delete the entities that nothing names any more, and mark what differs from before (see touch) for the marts and for publish.
-- Entities that the machine found are kept aside.

create or replace temp table changed_articles as
with hashed as (
    select
        article_id,
        hash(quotes) as row_hash,
    from quotes
    where article_id in (select article_id from touched_articles)
    union all
    select
        article_id,
        hash(quote_speakers) as row_hash,
    from quote_speakers
    where article_id in (select article_id from touched_articles)
    union all
    select
        article_id,
        hash(mentions) as row_hash,
    from mentions
    where article_id in (select article_id from touched_articles)
),

now as (
    select
        article_id,
        sum(row_hash)::hugeint as fingerprint,
    from hashed
    group by article_id
)

select touched_articles.article_id
from touched_articles
left join now on touched_articles.article_id = now.article_id
where touched_articles.fingerprint != coalesce(now.fingerprint, 0);

insert into touched_entities
select mentions.entity_id
from mentions
semi join touched_articles on mentions.article_id = touched_articles.article_id
union
select quote_speakers.speaker_entity_id
from quote_speakers
semi join touched_articles on quote_speakers.article_id = touched_articles.article_id
where quote_speakers.speaker_entity_id is not null
union
select entity_id
from ops.machine_mentions
union
select speaker_entity_id
from ops.machine_quote_speakers
where speaker_entity_id is not null;

create or replace temp table unnamed_entities as
select distinct touched_entities.entity_id
from touched_entities
anti join mentions on touched_entities.entity_id = mentions.entity_id
anti join quote_speakers on touched_entities.entity_id = quote_speakers.speaker_entity_id;

-- Those that an earlier transaction kept aside stay there, as long as a row that was set aside has them.
delete from ops.machine_entities
where
    entity_id in (
        select entities.entity_id
        from entities
        semi join unnamed_entities on entities.entity_id = unnamed_entities.entity_id
    )
    or entity_id not in (
        select entity_id from ops.machine_mentions
        union
        select speaker_entity_id as entity_id
        from ops.machine_quote_speakers
        where speaker_entity_id is not null
    );

insert into ops.machine_entities by name
select entities.*
from entities
semi join unnamed_entities on entities.entity_id = unnamed_entities.entity_id
semi join (
    select entity_id from ops.machine_mentions
    union
    select speaker_entity_id as entity_id from ops.machine_quote_speakers
) as found on entities.entity_id = found.entity_id;

delete from entities
where entity_id in (select entity_id from unnamed_entities);

insert into ops.dirty_days
select distinct articles.published_on
from articles
semi join changed_articles on articles.article_id = changed_articles.article_id;

insert into ops.dirty_entities
select distinct entity_id
from touched_entities
where exists (from changed_articles);

update ops.warehouse
set change_no = change_no + 1
where exists (from changed_articles);

drop table touched_articles;
drop table touched_entities;
drop table changed_articles;
drop table unnamed_entities;
