"""Workers: processes that extract, on this machine or on a cluster."""
