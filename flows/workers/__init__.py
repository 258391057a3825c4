"""Workers: processes that extract, on this machine or on those of a cluster."""
