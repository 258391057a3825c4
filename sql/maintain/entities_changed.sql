-- How many entities are other than they were, gone ones too.

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

select count(distinct entity_id) as entities from changed
