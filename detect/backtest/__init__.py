"""What a rule would have found in what is stored already."""
