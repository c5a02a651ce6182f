namespace SynthStudio.Cli.Outcome;

/// <summary>An audit trail is not what was written.</summary>
internal sealed class UnsoundTrailException(string message) : Exception(message);
