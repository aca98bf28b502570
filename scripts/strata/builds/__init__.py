"""State-aware builds: what a node is built from, what was recorded of it, what has to run, and the run itself."""
