-- Bands of new texts; `made_bands` has a row per text. Those of their last versions went when they were loaded.

insert into ops.near_bands by name select * from made_bands;
