"""The declarer: packages that files import and nobody declared, before anything is installed."""
