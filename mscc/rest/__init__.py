"""What every part of the API speaks: strict JSON in, problems out, cursors, keys and versions."""
