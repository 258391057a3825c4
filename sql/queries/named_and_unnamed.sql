-- In which sections do speakers go by name, and in which are they "an official" or "residents"?

select
    outlet,
    section,
    quote_count as quotes,
    named_count as named,
    unnamed_count as unnamed,
    organization_count as organizations,
    document_count as documents,
    round(100 * unnamed_share, 1) as percent_unnamed,
from mart.named_sources
where named_count + unnamed_count >= 20
order by percent_unnamed desc, outlet, section
limit 10;
