"""The tidier: safe fixes and a formatter, before anything is judged."""
