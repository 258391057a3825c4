-- Quotes of a speaker by month of publication, from the first to the last, or by year where $unit is year.

with counted as (
    select
        date_trunc($unit, month)::date as begins_on,
        sum(quote_count)::bigint as quote_count,
    from mart.speakers_by_month
    where entity_id = $entity_id
    group by all
),

periods as (
    select
        unnest(
            generate_series(
                min(begins_on)::timestamp,
                max(begins_on)::timestamp,
                if($unit = 'year', interval 1 year, interval 1 month)
            )
        )::date as begins_on,
    from counted
)

select
    periods.begins_on,
    coalesce(counted.quote_count, 0) as quote_count,
from periods
left join counted on periods.begins_on = counted.begins_on
order by periods.begins_on
