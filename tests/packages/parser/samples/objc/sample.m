#import <Foundation/Foundation.h>
#import "Shelf.h"

// Holds items.
@interface Shelf : NSObject
- (void)add:(NSString *)item;
@end

@implementation Shelf

// Says how a number looks.
- (NSString *)classify:(int)number with:(BOOL)flag {
    if (number > 10 && flag) {
        for (int index = 0; index < number; index++) {
            if (index == 3) {
                NSLog(@"%d", index);
            }
        }
    } else if (number < 0) {
        return @"negative";
    } else {
        return [self join:@"a"];
    }
    return @"other";
}

@end

@protocol Named
@end

static int twice(int x) {
    return x * 2;
}
