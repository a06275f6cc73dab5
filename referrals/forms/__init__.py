"""Forms: what was typed becomes what the domain takes, or a sentence beside the field."""
