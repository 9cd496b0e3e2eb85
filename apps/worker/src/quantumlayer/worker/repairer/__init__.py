"""Tests made stronger; and failures mended, of runs older than the integrator."""
