"""Pages of one person's pathway: who may see it, is the form right, what did the domain say."""
