-- One row per rule that quarantines files now, the most frequent first, with some of its files.

with open_rows as (
    select
        rule,
        count(distinct source_path) as files,
        -- The newest first. To rank all rows in a window would keep all of them in memory.
        min(
            struct_pack(
                age := -epoch_us(quarantined_at),
                path := source_path,
                column_name := column_name,
                value := value,
                message := message
            ),
            $examples
        ) as examples,
    from ops.quarantine
    where released_at is null
    group by rule
)

select
    rule,
    files,
    examples[1].message as message,
    [struct_pack(path := example.path, value := example.value) for example in examples] as examples,
from open_rows
order by files desc, rule
