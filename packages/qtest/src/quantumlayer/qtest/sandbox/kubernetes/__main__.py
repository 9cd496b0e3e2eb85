"""What a cluster needs before it can hold sandboxes, for `kubectl apply --filename -`."""

import json
import sys

from quantumlayer.qtest.sandbox.kubernetes.manifests import cluster_role, network_policy, role

if __name__ == "__main__":
    items = [network_policy(), role(), cluster_role()]
    json.dump({"apiVersion": "v1", "kind": "List", "items": items}, sys.stdout, indent=2)
    sys.stdout.write("\n")
