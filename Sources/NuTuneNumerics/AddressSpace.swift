import Glibc

/// Address space that the process may still allocate below its limit (`ulimit -v`). OpenBLAS allocates one buffer for
/// every thread inside it, and waits forever when memory for a buffer is missing.
public enum AddressSpace {
  /// Size of one OpenBLAS buffer, bytes.
  private static let buffer = 128 << 20
  /// Memory for the rest of the program, bytes.
  private static let rest = 256 << 20

  /// Least memory that must be left when a program starts, bytes.
  public static let least = buffer + rest

  /// Memory that the process may still allocate, bytes; nil without a limit.
  public static var left: Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur < rlim_t(Int.max),
      let file = fopen("/proc/self/statm", "r")
    else { return nil }
    defer { fclose(file) }
    var text = [CChar](repeating: 0, count: 64)
    guard fgets(&text, Int32(text.count), file) != nil else { return nil }
    return Int(limit.rlim_cur) - atol(text) * sysconf(Int32(_SC_PAGESIZE))
  }

  /// Largest number of threads for which memory has OpenBLAS buffers, determined at first use.
  static let threads: Int = left.map { max(1, ($0 - rest) / buffer) } ?? .max
}
