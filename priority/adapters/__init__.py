"""What talks to the world outside: mail, files."""
