// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CNuTune
import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles
import NuTuneResults
import NuTuneRuns

// The functions that nutune.h declares for all kinds of objects, with which the compiler compares them.

/// See `nutune_provenance` in nutune.h.
@c @implementation
public func nutune_provenance(
  _ json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>,
  _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  Failure.reported(to: message) {
    json.pointee = try CText.json([
      "version": .text(NuTuneVersion.current), "build": .text(NuTuneVersion.build),
      "commit": .text(Provenance.commit() ?? ""), "library": .text(LoadedImage.path),
    ])
  }
}

/// See `nutune_free` in nutune.h.
@c @implementation
public func nutune_free(_ text: UnsafeMutablePointer<CChar>?) { free(text) }

/// See `nutune_release` in nutune.h.
@c @implementation
public func nutune_release(_ object: UnsafeMutableRawPointer?) {
  if let object { Handle.release(object) }
}

/// See `nutune_context_open` in nutune.h.
@c @implementation
public func nutune_context_open(
  _ catalogs: UnsafePointer<UnsafePointer<CChar>?>?, _ count: Int, _ context: UnsafeMutablePointer<OpaquePointer?>,
  _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  Failure.reported(to: message) {
    context.pointee = Handle.make(try CatalogContext(folders: CText.list(catalogs, count: count)))
  }
}

/// See `nutune_context_describe` in nutune.h.
@c @implementation
public func nutune_context_describe(
  _ context: OpaquePointer, _ json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>,
  _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  Failure.reported(to: message) {
    json.pointee = try CText.json(Handle.object(context, CatalogContext.self).description)
  }
}
