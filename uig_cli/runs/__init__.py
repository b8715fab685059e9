"""Run folders: identity, journal, pictures, judgements, tables."""
