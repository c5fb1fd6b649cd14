// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CNuTune
import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles

// The functions that nutune.h declares for studies, with which the compiler compares them.

/// See `nutune_study_open` in nutune.h.
@c @implementation
public func nutune_study_open(
  _ context: OpaquePointer, _ source: UnsafePointer<CChar>, _ directory: UnsafePointer<CChar>?,
  _ settings: UnsafePointer<UnsafePointer<CChar>?>?, _ settingCount: Int, _ threads: Int32,
  _ study: UnsafeMutablePointer<OpaquePointer?>, _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  Failure.reported(to: message) {
    let context = Handle.object(context, CatalogContext.self)
    let configuration = try context.study(
      CText.text(source), in: directory.map(CText.text), changes: CText.list(settings, count: settingCount))
    study.pointee = Handle.make(try OpenStudy(configuration, in: context, threads: max(1, Int(threads))))
  }
}

/// See `nutune_study_describe` in nutune.h.
@c @implementation
public func nutune_study_describe(
  _ study: OpaquePointer, _ json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>,
  _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  Failure.reported(to: message) {
    json.pointee = try CText.json(Handle.object(study, OpenStudy.self).description)
  }
}

/// See `nutune_study_train` in nutune.h.
@c @implementation
public func nutune_study_train(
  _ study: OpaquePointer, _ label: UnsafePointer<CChar>, _ progress: nutune_progress?,
  _ user: UnsafeMutableRawPointer?, _ model: UnsafeMutablePointer<OpaquePointer?>,
  _ record: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>,
  _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  Failure.reported(to: message) {
    let (trained, how) = try Handle.object(study, OpenStudy.self).train(
      CText.text(label), ProgressListener(progress, user))
    record.pointee = strdup(String(decoding: try JSONFile.bytes(of: how), as: UTF8.self))
    model.pointee = Handle.make(trained)
  }
}

/// See `nutune_study_run` in nutune.h.
@c @implementation
public func nutune_study_run(
  _ context: OpaquePointer, _ source: UnsafePointer<CChar>, _ directory: UnsafePointer<CChar>?,
  _ settings: UnsafePointer<UnsafePointer<CChar>?>?, _ settingCount: Int, _ threads: Int32,
  _ folder: UnsafePointer<CChar>?, _ resume: Int32, _ report: Int32, _ progress: nutune_progress?,
  _ user: UnsafeMutableRawPointer?, _ json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>,
  _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  Failure.reported(to: message) {
    let context = Handle.object(context, CatalogContext.self)
    let configuration = try context.study(
      CText.text(source), in: directory.map(CText.text), changes: CText.list(settings, count: settingCount))
    let run = WholeRun(
      study: configuration, context: context, threads: max(1, Int(threads)), resumes: resume != 0,
      hasReport: report != 0)
    json.pointee = try CText.json(try run.run(in: folder.map(CText.text), ProgressListener(progress, user)))
  }
}
