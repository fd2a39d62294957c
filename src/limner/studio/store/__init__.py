"""The studio's memory: portraits as files named by their content, and a database of what is known of them."""
