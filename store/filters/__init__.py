"""What to show: typed filters, their text form, and the one compiler to SQL."""
