"""Orchestration: all that knows Prefect: flows, tasks, deployments, automations, worker, server."""
