"""What families of models can and want."""
