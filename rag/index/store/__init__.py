"""Where passages are kept and found: one contract, and the engines that keep it."""
