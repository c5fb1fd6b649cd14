/// The reader of standard output is gone.
struct BrokenPipe: Error {}
