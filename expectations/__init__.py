"""What must hold of a delivered file before it becomes an article."""
