"""`web-messenger doctor`: checks every service that the settings name, and reports faults and how to mend them."""
