"""Pipeline: how a run goes, whichever flow it is: runner, batches, retries, finish, results."""
