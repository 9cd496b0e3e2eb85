package library;

import java.util.List;
import java.nio.file.*;

/** Holds items. */
public class Shelf extends Base implements Named {
    private final List<String> items;

    public Shelf(List<String> items) {
        this.items = items;
    }

    /** Says how a number looks. */
    @Override
    public String classify(final int number, boolean flag) {
        if (number > 10 && flag) {
            for (int index = 0; index < number; index++) {
                if (index == 3) {
                    System.out.println(index);
                }
            }
        } else if (number < 0) {
            return "negative";
        } else {
            return Paths.get("a", "b").toString();
        }
        return "other";
    }

    void add(String item, String... rest) {
        switch (item) {
            case "one":
                items.add(item);
                break;
            default:
                items.forEach(one -> items.add(one));
        }
    }
}

interface Named {
    String name();
}

enum Size { SMALL, LARGE }
