"""The REST API under /api/v1, with health, metrics and its own description; `assembling` puts the site together."""
