#include <string>
#include "shelf.hpp"

namespace library {

// Holds items.
template <typename T>
class Shelf : public Base {
public:
    Shelf(int size) : size_(size) {}
    ~Shelf() {}
    // Adds an item.
    void add(const std::string &item, int count = 1) {
        auto twice = [](int x) { return x * 2; };
        items.push_back(twice(count));
    }
};

struct Point { int x; };
enum class Size { Small, Large };
using Name = std::string;

// Says how a number looks.
std::string classify(int number, bool flag) {
    if (number > 10 && flag) {
        for (auto index : range(number)) {
            if (index == 3) {
                print(index);
            }
        }
    } else if (number < 0) {
        return "negative";
    } else {
        return join("a", "b");
    }
    return "other";
}

}  // namespace library

int Shelf::count() {
    try {
        return measure();
    } catch (const Error &error) {
        return 0;
    }
}
