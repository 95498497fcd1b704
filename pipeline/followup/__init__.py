"""What the register's limits mean in days: computed, laid out ahead, and explained."""
