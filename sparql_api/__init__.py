"""The server: it reads releases and answers people and programs."""
