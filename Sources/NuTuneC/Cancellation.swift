/// The caller wants a computation to end.
struct Cancellation: Error {}
