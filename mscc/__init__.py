"""The project: leaves that every app may use, and the root that joins the apps."""
