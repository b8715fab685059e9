"""How work is spread over a model: batches in this process."""
