"""Question to cited answer: retrieval, evidence, refusal, command line, HTTP API and widget."""
