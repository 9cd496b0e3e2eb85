#include <stdio.h>
#include "shelf.h"

/* Holds items. */
struct shelf {
    int items[10];
};

typedef struct shelf shelf_t;

enum size { SMALL, LARGE };

/* Says how a number looks. */
static const char *classify(int number, char *names[], int (*callback)(int)) {
    if (number > 10 && callback) {
        for (int index = 0; index < number; index++) {
            if (index == 3) {
                printf("%d", index);
            }
        }
    } else if (number < 0) {
        return "negative";
    } else {
        return names[0];
    }
    return "other";
}

void add(shelf_t *shelf, int item) {
    switch (item) {
    case 1:
        shelf->items[0] = item;
        break;
    default:
        goto done;
    }
done:
    return;
}
