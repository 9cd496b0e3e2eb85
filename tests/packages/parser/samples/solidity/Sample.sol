// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;

import "./Base.sol";

/// Holds items.
contract Shelf is Base {
    struct Item { uint size; }
    enum Size { Small, Large }

    /// Says how a number looks.
    function classify(uint number, bool flag) public returns (string memory) {
        if (number > 10 && flag) {
            for (uint index = 0; index < number; index++) {
                if (index == 3) {
                    log(index);
                }
            }
        } else if (number < 1) {
            return "negative";
        } else {
            return join("a", "b");
        }
        return "other";
    }
}

interface Named {
    function name() external;
}
