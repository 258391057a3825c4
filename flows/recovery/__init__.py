"""Recovery: what is wrong with a data folder, and how to make it whole: doctor, backup, rebuild."""
