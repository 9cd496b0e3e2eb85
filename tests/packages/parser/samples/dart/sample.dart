import 'dart:io';
import 'package:path/path.dart' as path;

/// Holds items.
class Shelf extends Base implements Named {
  Shelf(int size);

  /// Says how a number looks.
  String classify(int number, [bool flag = false]) {
    if (number > 10 && flag) {
      for (var index = 0; index < number; index++) {
        if (index == 3) {
          print(index);
        }
      }
    } else if (number < 0) {
      return "negative";
    } else {
      return path.join("a", "b");
    }
    return "other";
  }

  void add(String item, List<String> rest) {
    switch (item) {
      case "one":
        items.add(item);
        break;
      default:
        rest.forEach((one) => items.add(one));
    }
  }
}

enum Size { small, large }

int twice(int x) => x * 2;
