namespace SynthStudio.Cli.Outcome;

/// <summary>A server has secrets that none of its keys opens.</summary>
internal sealed class UnreadableSecretsException(string message) : Exception(message);
