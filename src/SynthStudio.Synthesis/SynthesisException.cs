namespace SynthStudio.Synthesis;

/// <summary>A request that synthesis must refuse, with a message that says what to change.</summary>
public sealed class SynthesisException(SynthesisError error, string message, string? subject = null, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>What is wrong, for programs.</summary>
    public SynthesisError Error { get; } = error;

    /// <summary>The option or column at fault, when there is one.</summary>
    public string? Subject { get; } = subject;
}
