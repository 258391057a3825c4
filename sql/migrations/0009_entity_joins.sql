-- Names that mean one person in several articles are joined: 'Ruth A. Bloomdale' and 'Ruth Bloomdale'. Names of loaded
-- articles are queued, so the next run compares all of them.

create table entity_joins (
    entity_id bigint not null,
    name varchar not null,
    joined_entity_id bigint not null,
    joined_name varchar not null,
    reason varchar not null
);
comment on table entity_joins is 'One row per person''s name that means the person of another name. aliases.csv undoes it: a line with the name as alias and as name.';
comment on column entity_joins.entity_id is 'Id that the name would have by itself.';
comment on column entity_joins.name is 'The name as articles give it (Ruth A. Bloomdale).';
comment on column entity_joins.joined_entity_id is 'Entity that it is joined to.';
comment on column entity_joins.joined_name is 'Name of that entity (Ruth Bloomdale).';
comment on column entity_joins.reason is 'What shows that both are one person: spelling, middle name, nickname or title and surname, with the evidence.';

create table ops.dirty_names (
    name varchar not null
);
comment on table ops.dirty_names is 'One row per person''s name that articles gained or lost and that has yet to be compared with others of its surname; a name may occur twice.';
comment on column ops.dirty_names.name is 'The name as articles give it.';

insert into ops.dirty_names
select distinct name
from mentions
where kind = 'person';

-- Quotes that 1.0 extracted get the type that an extract has now: peoples and parties are unnamed groups, what is neither
-- person nor people speaks as an organization.
update quotes
set speaker_type = if(entities.kind = 'group', 'unnamed group', 'organization')
from entities
where
    quotes.speaker_entity_id = entities.entity_id
    and quotes.rule is null
    and entities.kind in ('group', 'event', 'other');
