-- How much do women and men say, by section? Gender is a reading of the texts, and open where they do not show it.

select
    outlet,
    section,
    sum(quote_count) as quotes,
    sum(quote_count) filter (gender = 'woman') as of_women,
    sum(quote_count) filter (gender = 'man') as of_men,
    sum(quote_count) filter (gender = 'they') as of_they,
    sum(quote_count) filter (gender is null) as of_unknown,
    round(100 * of_women / nullif(of_women + of_men, 0), 1) as percent_women,
    sum(word_count) filter (gender = 'woman') as words_of_women,
    sum(word_count) filter (gender = 'man') as words_of_men,
from mart.genders
group by outlet, section
order by quotes desc, outlet, section
limit 10;
