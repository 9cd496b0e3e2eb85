package Library::Shelf;

use strict;
use File::Spec;
require Library::Base;

# Says how a number looks.
sub classify {
    my ($number, $flag) = @_;
    if ($number > 10 && $flag) {
        foreach my $index (0 .. $number) {
            if ($index == 3) {
                print($index);
            }
        }
    } elsif ($number < 0) {
        return "negative";
    } else {
        return File::Spec->catfile("a", "b");
    }
    return "other";
}

sub add {
    my ($self, $item) = @_;
    push(@{$self->{items}}, $item) unless $item eq "";
    helper($item);
}

1;
