"""What `benchmarks.gateway` measures side by side: gateways, the mock provider, the load maker."""
