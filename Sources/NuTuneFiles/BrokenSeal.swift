/// The content of a file differs from the content that was sealed.
struct BrokenSeal: Error {}
