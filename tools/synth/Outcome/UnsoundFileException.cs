namespace SynthStudio.Cli.Outcome;

/// <summary>An audit trail, or a signed file, is not what was written.</summary>
internal sealed class UnsoundFileException(string message) : Exception(message);
