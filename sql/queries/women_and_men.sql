-- How much do women and men say, by section? Gender is a reading of the texts, and open where they do not show it.

select
    outlet,
    section,
    sum(quote_count)::bigint as quotes,
    sum(if(gender = 'woman', quote_count, 0))::bigint as of_women,
    sum(if(gender = 'man', quote_count, 0))::bigint as of_men,
    sum(if(gender = 'they', quote_count, 0))::bigint as of_they,
    sum(if(gender is null, quote_count, 0))::bigint as of_unknown,
    round(100 * of_women / nullif(of_women + of_men, 0), 1) as percent_women,
    sum(if(gender = 'woman', word_count, 0))::bigint as words_of_women,
    sum(if(gender = 'man', word_count, 0))::bigint as words_of_men,
from mart.genders
group by outlet, section
order by quotes desc, outlet, section
limit 10;
