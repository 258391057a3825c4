-- One row per entity and form of its name, folded for looking up.

create table if not exists mart.names (
    entity_id bigint not null,
    form varchar not null
);
comment on table mart.names is 'One row per entity and form of its name, folded for looking up.';
comment on column mart.names.entity_id is 'The entity.';
comment on column mart.names.form is 'A form that articles use, in small letters without accents and punctuation, with a blank at both ends.';

create or replace macro folded(words) as
' ' || trim(regexp_replace(lower(strip_accents(words)), '[^\p{L}\p{N}]+', ' ', 'g')) || ' ';

comment on macro folded is 'Words in small letters without accents and punctuation, with a blank at both ends. words: the words.';

delete from mart.names
where entity_id in (select entity_id from ops.dirty_entities);

insert into mart.names
with forms as (
    select
        entity_id,
        unnest(list_append(aliases, name)) as form,
    from entities
    where entity_id in (select entity_id from ops.dirty_entities)
)

select distinct
    entity_id,
    folded(form) as form,
from forms
order by entity_id, form;
