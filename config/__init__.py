"""Settings: frozen, validated, merged per key from named places. A leaf: it imports nothing of ours."""
