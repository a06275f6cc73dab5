"""Clinical knowledge as data and pure functions; knows no framework and reads no clock."""
