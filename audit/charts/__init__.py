"""Charts as coordinates, drawn on the server: shapes and words carry the meaning, not colour."""
