-- What an older extractor found in the articles goes.

create or replace temp table replaced_articles as select article_id from staged_articles;
