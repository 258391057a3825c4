-- One row per entity and form of its name, normalized for lookup.

create table if not exists mart.names (
    entity_id bigint not null,
    form varchar not null
);
comment on table mart.names is 'One row per entity and form of its name, normalized for lookup.';
comment on column mart.names.entity_id is 'The entity.';
comment on column mart.names.form is 'A form of the name, normalized by the macro folded.';

create or replace macro folded(words) as
' ' || trim(regexp_replace(lower(strip_accents(words)), '[^\p{L}\p{N}]+', ' ', 'g')) || ' ';

comment on macro folded is 'Normalizes text: lower case, no accents or punctuation, a space at both ends. words: the text.';

delete from mart.names
where entity_id in (select entity_id from ops.dirty_entities);

-- Of entities that only new articles touched, the forms that are new.
insert into mart.names
with touched as (
    select entity_id from ops.dirty_entities
    union
    select entity_id from added_mentions
    union
    select entity_id from added_speakers
),

forms as (
    select
        entity_id,
        unnest(list_append(aliases, name)) as form,
    from entities
    where entity_id in (select entity_id from touched)
),

folded_forms as (
    select distinct
        entity_id,
        folded(form) as form,
    from forms
)

select folded_forms.*
from folded_forms
anti join mart.names
    on folded_forms.entity_id = names.entity_id and folded_forms.form = names.form
order by folded_forms.entity_id, folded_forms.form;
