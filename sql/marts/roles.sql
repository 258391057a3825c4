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

-- Roles of new articles, of which an article may write one in another case than the mart does.
create or replace temp table added_roles as
select
    entity_id,
    article_id,
    quote_no,
    regexp_replace(any_value(speaker_role), '^(an?|the|its|his|her|their|our) ', '', 'i') as role,
from added_speakers
where speaker_role is not null
group by entity_id, article_id, quote_no;

-- The persons whose roles are counted from all articles: which case most of these write is not known from the mart.
create or replace temp table dirty_persons as
select entity_id from ops.dirty_entities
union
select added_roles.entity_id
from added_roles
inner join mart.roles
    on added_roles.entity_id = roles.entity_id and lower(added_roles.role) = lower(roles.role)
where added_roles.role != roles.role;

delete from mart.roles
where entity_id in (select entity_id from dirty_persons);

create or replace temp table counted_roles as
with spoken as (
    -- An alias can make two joint speakers one.
    select
        speaker_entity_id as entity_id,
        article_id,
        quote_no,
        regexp_replace(any_value(speaker_role), '^(an?|the|its|his|her|their|our) ', '', 'i') as role,
    from quote_speakers
    where
        speaker_entity_id in (select entity_id from dirty_persons)
        and speaker_role is not null
    group by speaker_entity_id, article_id, quote_no
    union all
    select *
    from added_roles
    where entity_id not in (select entity_id from dirty_persons)
),

forms as (
    select
        spoken.entity_id,
        spoken.role,
        lower(spoken.role) as folded_role,
        quotes.article_id,
        articles.published_on,
        count(*) over (partition by spoken.entity_id, spoken.role) as times,
    from spoken
    inner join quotes
        on spoken.article_id = quotes.article_id and spoken.quote_no = quotes.quote_no
    inner join articles on quotes.article_id = articles.article_id
    where quotes.kind != 'act'
),

counted as (
    select
        entity_id,
        folded_role,
        arg_max(role, (times, role)) as role,
        count(*) as quote_count,
        count(distinct article_id) as article_count,
        min(published_on) as first_on,
        max(published_on) as last_on,
    from forms
    group by entity_id, folded_role
)

select
    counted.entity_id,
    entities.name as speaker,
    counted.role,
    counted.quote_count + coalesce(built.quote_count, 0) as quote_count,
    counted.article_count + coalesce(built.article_count, 0) as article_count,
    least(counted.first_on, built.first_on) as first_on,
    greatest(counted.last_on, built.last_on) as last_on,
from counted
inner join entities on counted.entity_id = entities.entity_id
left join mart.roles as built
    on counted.entity_id = built.entity_id and counted.folded_role = lower(built.role)
where entities.kind = 'person';

delete from mart.roles as built
using counted_roles as counted
where
    built.entity_id = counted.entity_id
    and built.role = counted.role;

insert into mart.roles
select *
from counted_roles
order by entity_id, role;

drop table added_roles;
drop table dirty_persons;
drop table counted_roles;
