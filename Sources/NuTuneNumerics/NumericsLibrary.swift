import CGSL

/// The numerical libraries (GSL, BLAS): their versions, and the process-wide settings they need.
public enum NumericsLibrary {
  /// GSL aborts the process on an error unless its handler is off; every wrapper calls ``prepare()`` first and
  /// checks the returned status itself. OpenBLAS sums in an order that depends on its number of threads, so it gets
  /// one: parallelism belongs to the layers above, where results do not depend on it.
  private static let prepared: Void = {
    _ = gsl_set_error_handler_off()
    openblas_set_num_threads(1)
  }()

  @inline(__always)
  static func prepare() { _ = prepared }

  /// Version of the GSL found at run time, e.g. `2.7.1`.
  public static var gslVersion: String { String(cString: cgsl_runtime_version()) }

  /// Path of the library that answers GSL's BLAS calls. GSL brings a slow reference BLAS of its own, and the order of
  /// linking decides silently which one is bound.
  public static var blasLibrary: String? {
    cgsl_blas_library().map { String(cString: $0) }
  }

  /// Number of threads OpenBLAS uses inside one call; 1 unless changed by ``setBLASThreads(_:)``.
  public static var blasThreads: Int {
    prepare()
    return Int(openblas_get_num_threads())
  }

  /// Sets the number of threads OpenBLAS uses inside one call, for the whole process. Results of products and
  /// factorisations may differ in the last bits between numbers of threads.
  public static func setBLASThreads(_ threads: Int) {
    prepare()
    openblas_set_num_threads(Int32(clamping: max(1, threads)))
  }

  /// Throws unless `status` is `GSL_SUCCESS`.
  @inline(__always)
  static func check(
    _ status: Int32, _ operation: @autoclosure () -> String, _ details: @autoclosure () -> String = ""
  ) throws {
    guard status == NumericsError.Status.success.rawValue else {
      throw NumericsError(operation(), NumericsError.Status(rawValue: status), details())
    }
  }

  /// Unwraps a pointer GSL allocated; GSL returns null when memory is short or a size is refused.
  @inline(__always)
  static func allocated<T>(_ pointer: T?, _ operation: @autoclosure () -> String) throws -> T {
    guard let pointer else { throw NumericsError(operation(), .outOfMemory) }
    return pointer
  }
}
