"""Runs made visible: contact sheets."""
