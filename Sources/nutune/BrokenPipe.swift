/// The reader of standard output has closed it.
struct BrokenPipe: Error {}
