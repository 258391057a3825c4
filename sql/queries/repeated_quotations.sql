-- Which quotations are in several articles? One wire story under several headlines counts as one story.

select
    left(text, 100) as words,
    speaker,
    article_count as articles,
    story_count as stories,
    first_on,
    last_on,
from mart.repeated_quotes
order by story_count desc, article_count desc, first_on, text
limit 10;
