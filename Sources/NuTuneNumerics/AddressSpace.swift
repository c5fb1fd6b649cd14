import Glibc

/// The memory that a limit of the process (`ulimit -v`) leaves. OpenBLAS takes a buffer for every thread that is inside it
/// at a time, and waits for one without end where there is none.
public enum AddressSpace {
  /// One buffer of OpenBLAS, bytes.
  private static let buffer = 128 << 20
  /// What a program needs beside.
  private static let rest = 256 << 20

  /// The least that has to be left when a program begins, bytes.
  public static let least = buffer + rest

  /// How many bytes more this process may have; nil without a limit.
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

  /// As many threads as there can be buffers, seen from the beginning of the program.
  static let threads: Int = left.map { max(1, ($0 - rest) / buffer) } ?? .max
}
