"""The shelf's data sets, one file per family; `causal_core.tables.examples` lists them."""
