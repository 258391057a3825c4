-- The share of new articles in all, 0 to 1; null if there are none.

select (select count(*) from ops.new_articles) / nullif((select count(*) from articles), 0) as share
