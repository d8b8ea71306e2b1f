"""Questions, metrics and reports: how good the answers are, measured."""
