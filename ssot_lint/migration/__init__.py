"""Getting there: plan, rewrite, verify, apply, roll back."""
