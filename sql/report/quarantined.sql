-- One row per rule that quarantines files now, the most frequent first, with some of its files.

with open_rows as (
    select
        quarantine.rule,
        quarantine.message,
        quarantine.source_path,
        quarantine.value,
        count(distinct quarantine.source_path) over (partition by quarantine.rule) as files,
        row_number() over (
            partition by quarantine.rule
            order by quarantine.quarantined_at desc, quarantine.source_path asc, quarantine.column_name asc
        ) as rank,
    from ops.quarantine
    where quarantine.released_at is null
)

select
    rule,
    any_value(files) as files,
    first(message order by rank) as message,
    list(struct_pack(path := source_path, value := value) order by rank) as examples,
from open_rows
where rank <= $examples
group by rule
order by files desc, rule
