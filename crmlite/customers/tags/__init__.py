"""Tags of customers: how they are declared, which rules put them on, and why."""
