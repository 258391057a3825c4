-- Bands of new texts, in place of those of their last versions; `made_bands` has a row per text.

delete from ops.near_bands where article_id in (select article_id from made_bands);
insert into ops.near_bands by name select * from made_bands;
