"""The nearest passages to quotes, and how sure Steward may be of them."""
