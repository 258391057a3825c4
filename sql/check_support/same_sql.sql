-- One row: whether both databases have the same tables, and were built and checked by the same SQL.

select
    (select max(number) from ops.migrations) = (select max(number) from checked.ops.migrations)
    and not exists (
        (
            select
                name,
                sha256,
            from ops.marts
        )
        except
        (
            select
                name,
                sha256,
            from checked.ops.marts
        )
    )
