"""What whoever runs Steward learns from those who ask: a log, gaps, complaints, cases."""
