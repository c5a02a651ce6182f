namespace SynthStudio.Privacy;

/// <summary>A privacy computation that must be refused, with a message that says what to change.</summary>
public sealed class PrivacyException(PrivacyError error, string message, string? subject = null) : Exception(message)
{
    /// <summary>What is wrong, for programs.</summary>
    public PrivacyError Error { get; } = error;

    /// <summary>The parameter or event at fault, when there is one.</summary>
    public string? Subject { get; } = subject;

    internal static double Demand(double value, bool met, string name, string allowed) =>
        met ? value : throw new PrivacyException(PrivacyError.ParameterOutOfRange, FormattableString.Invariant($"{name} must be {allowed}, not {value}."), name);
}
