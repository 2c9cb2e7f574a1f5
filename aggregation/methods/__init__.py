"""The consensus rankings, one module each; `aggregation.METHODS` lists them with their claims and sources."""
