namespace SynthStudio.Cli.Outcome;

/// <summary>A model package is not what somebody trusted signed.</summary>
internal sealed class UntrustedPackageException(string message) : Exception(message);
