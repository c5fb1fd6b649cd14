/// Objects as the opaque pointers that a caller in C holds.
enum Handle {
  /// Gives an object to the caller, who releases it.
  static func make(_ object: AnyObject) -> OpaquePointer {
    OpaquePointer(Unmanaged.passRetained(object).toOpaque())
  }

  /// The object behind a pointer that ``make(_:)`` made of the same type.
  static func object<Object: AnyObject>(_ pointer: OpaquePointer, _ type: Object.Type = Object.self) -> Object {
    Unmanaged<Object>.fromOpaque(UnsafeRawPointer(pointer)).takeUnretainedValue()
  }

  /// Ends what ``make(_:)`` began.
  static func release(_ pointer: UnsafeMutableRawPointer) {
    Unmanaged<AnyObject>.fromOpaque(pointer).release()
  }
}
