"""How fast ssot-lint and its peers answer one question about a large monorepo."""
