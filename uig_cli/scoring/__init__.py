"""What a picture is held against: judges that answer or rate, detectors, readers of text."""
