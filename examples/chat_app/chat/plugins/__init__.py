"""Parts that an installation may replace by a setting."""
