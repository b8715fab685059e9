"""What a picture is held against: judges that answer questions, detectors that find objects."""
