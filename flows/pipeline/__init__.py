"""Pipeline: what all flows share: session, runner, batches, retries, finish, results."""
