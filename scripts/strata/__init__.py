"""Strata: the command beside the dbt project. It takes files in, guards the door and looks after the data."""
