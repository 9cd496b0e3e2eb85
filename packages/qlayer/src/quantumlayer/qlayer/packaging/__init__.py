"""Packaging: the files that carry a project to where it runs."""

from quantumlayer.qlayer.packaging.delivery import DeliveryFile, delivery_files, locked_dependencies

__all__ = ["DeliveryFile", "delivery_files", "locked_dependencies"]
