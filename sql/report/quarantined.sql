-- The rules that files are quarantined by now, the one with most files first, each with some of its files.

with standing as (
    select
        quarantine.rule,
        quarantine.message,
        quarantine.source_path,
        quarantine.value,
        count(distinct quarantine.source_path) over (partition by quarantine.rule) as files,
        row_number() over (
            partition by quarantine.rule
            order by quarantine.quarantined_at desc, quarantine.source_path asc, quarantine.column_name asc
        ) as place,
    from ops.quarantine
    where quarantine.released_at is null
)

select
    rule,
    any_value(files) as files,
    first(message order by place) as message,
    list(struct_pack(path := source_path, value := value) order by place) as examples,
from standing
where place <= $examples
group by rule
order by files desc, rule
