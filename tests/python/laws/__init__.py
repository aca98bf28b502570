"""The law of touched partitions, proved on random histories; the registry of areas is in ``histories``."""
