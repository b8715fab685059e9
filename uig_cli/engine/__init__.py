"""How a run's work is spread over workers: batches, replies, second tries, and what is kept."""
