"""What a described service is, whatever language it is written in: its model, and its stories."""
