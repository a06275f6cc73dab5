"""What every page shares: how times, numbers and names are written, and how a form is drawn."""
