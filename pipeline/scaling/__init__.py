"""Beyond one machine: reading and extracting on a cluster; the register stays with its one writer."""
