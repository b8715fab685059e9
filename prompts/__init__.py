"""Templates of what models and judges are asked, one text file each (docs/templates.md)."""
