"""A small chat server, in the middle of moving its sessions to one home."""
