import Foundation

// A reader that goes away (`nutune list | head -1`) is seen as a failed write, not as a signal.
signal(SIGPIPE, SIG_IGN)

do {
  try Nutune.checkVerb(CommandLine.arguments.dropFirst())
  var command = try Nutune.parseAsRoot()
  try command.run()
} catch {
  exit(Failure(error).report())
}
