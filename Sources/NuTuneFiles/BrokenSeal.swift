/// The content of a file is not what was written.
struct BrokenSeal: Error {}
