"""What people pass on: papers to print, pictures and codes of a page."""
