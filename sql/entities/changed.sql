-- Mark the entities that changed, deleted ones too, for the marts; return their number.

create or replace temp table changed_entities as
with changed as (
    (
        from entities
        except
        from entities_before
    )
    union all
    (
        from entities_before
        except
        from entities
    )
)

select distinct entity_id from changed;

insert into ops.dirty_entities select entity_id from changed_entities;

select count(*) as entities from changed_entities
