-- One row per person and role as which the person speaks.

create table if not exists mart.roles (
    entity_id bigint not null,
    speaker varchar not null,
    role varchar not null,
    quote_count bigint not null,
    article_count bigint not null,
    first_on date not null,
    last_on date not null
);
comment on table mart.roles is 'One row per person and role as which the person speaks.';
comment on column mart.roles.entity_id is 'Entity of the person.';
comment on column mart.roles.speaker is 'Name of the person.';
comment on column mart.roles.role is 'The words by which articles introduce the person, as most of them write it, without article or pronoun (finance minister); other case makes no other role.';
comment on column mart.roles.quote_count is 'Number of quotes: direct, mixed and indirect, not acts. A joint quote counts for each speaker.';
comment on column mart.roles.article_count is 'Number of articles with such a quote.';
comment on column mart.roles.first_on is 'Day of the first of these articles.';
comment on column mart.roles.last_on is 'Day of the last of these articles.';

delete from mart.roles
where entity_id in (select entity_id from ops.dirty_entities);

insert into mart.roles
with dirty_speakers as (
    -- An alias can make two joint speakers one.
    select
        speaker_entity_id as entity_id,
        article_id,
        quote_no,
        regexp_replace(any_value(speaker_role), '^(an?|the|its|his|her|their|our) ', '', 'i') as role,
    from quote_speakers
    where
        speaker_entity_id in (select entity_id from ops.dirty_entities)
        and speaker_role is not null
    group by speaker_entity_id, article_id, quote_no
),

forms as (
    select
        dirty_speakers.entity_id,
        dirty_speakers.role,
        lower(dirty_speakers.role) as folded_role,
        quotes.article_id,
        articles.published_on,
        count(*) over (partition by dirty_speakers.entity_id, dirty_speakers.role) as times,
    from dirty_speakers
    inner join quotes
        on dirty_speakers.article_id = quotes.article_id and dirty_speakers.quote_no = quotes.quote_no
    inner join articles on quotes.article_id = articles.article_id
    where quotes.kind != 'act'
)

select
    forms.entity_id,
    any_value(entities.name) as speaker,
    arg_max(forms.role, (forms.times, forms.role)) as role,
    count(*) as quote_count,
    count(distinct forms.article_id) as article_count,
    min(forms.published_on) as first_on,
    max(forms.published_on) as last_on,
from forms
inner join entities on forms.entity_id = entities.entity_id
where entities.kind = 'person'
group by forms.entity_id, forms.folded_role
order by forms.entity_id, role;
