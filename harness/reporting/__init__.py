"""Shows results and statements to a person."""
