//! What the differential test found, case by case, with answers worked out by hand.
