"""Tests of the charter: outcome, problem, brief, data sources, stakeholders, dependencies, trace."""
