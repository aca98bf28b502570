"""Whatever breaks costs a rerun: kills, a lost server, a full disk, little memory, a checkpoint that fails."""
