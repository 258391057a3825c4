"""Recovery: find what is wrong with a home and repair it: doctor, rebuild; copy a warehouse."""
