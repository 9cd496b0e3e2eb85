"""Kubernetes: what the manifests of a project promise to the application that they run."""
