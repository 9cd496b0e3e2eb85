"""The tier that is a platform's own way: images built by buildah, containers started by runc."""
