"""What tokens cost, where the producer stated no cost."""
