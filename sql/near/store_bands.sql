-- Store the bands of new texts; `new_bands` has one row per text. Loading deleted those of replaced versions.

insert into ops.near_bands by name select * from new_bands;
