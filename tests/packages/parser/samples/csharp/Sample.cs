using System;
using System.Collections.Generic;

namespace Library;

/// <summary>Holds items.</summary>
[Serializable]
public class Shelf : Base, INamed
{
    public Shelf(int size) { }

    // Says how a number looks.
    public string Classify(int number, bool flag = false)
    {
        if (number > 10 && flag)
        {
            foreach (var index in Range(number))
            {
                if (index == 3)
                {
                    Console.WriteLine(index);
                }
            }
        }
        else if (number < 0)
        {
            return "negative";
        }
        else
        {
            return Path.Combine("a", "b");
        }
        return "other";
    }

    void Add(string item, params string[] rest)
    {
        switch (item)
        {
            case "one":
                items.Add(item);
                break;
            default:
                rest.ForEach(one => items.Add(one));
                break;
        }
    }
}

interface INamed { string Name(); }
struct Point { }
enum Size { Small, Large }
