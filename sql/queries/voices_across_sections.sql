-- Who is quoted in the most sections?

select
    speaker,
    kind,
    len(sections) as section_count,
    array_to_string(sections, ', ') as sections,
    article_count as articles,
    quote_count as quotes,
from mart.speakers
order by section_count desc, article_count desc, quote_count desc, speaker
limit 10;
