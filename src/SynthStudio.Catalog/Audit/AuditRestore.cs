using System.Globalization;

namespace SynthStudio.Catalog.Audit;

/// <summary>
/// What an operator accepted: that an older copy of the database was put back, so that lines of a trail are lost whose end had been signed. It is in the entry
/// that says so, whose number is beyond all that were lost.
/// </summary>
/// <param name="Signed">The end that was signed and kept outside the database: the evidence that there were lines up to it.</param>
/// <param name="LastKept">Number of the last line that the copy had: as the operator says, else the greatest that it can be.</param>
/// <param name="IsSaid">Whether the operator said which it was.</param>
/// <param name="Why">Why, in the operator's words.</param>
public sealed record AuditRestore(AuditHead Signed, long LastKept, bool IsSaid, string Why)
{
    /// <summary>What is lost, in words.</summary>
    public string Lost => IsSaid
        ? string.Create(CultureInfo.InvariantCulture, $"Lines {LastKept + 1} to {Signed.Sequence}, which were signed, are lost.")
        : string.Create(CultureInfo.InvariantCulture, $"Lines up to {Signed.Sequence}, which were signed, are lost, from line {LastKept + 1} on at the latest.");
}

/// <summary>An accepted restore as it is found in a trail.</summary>
/// <param name="Sequence">Number of the entry that accepts it; 0 for one that was only asked for.</param>
/// <param name="Time">When.</param>
/// <param name="Actor">Who, <c>users/{user}</c>.</param>
/// <param name="Restore">What was accepted.</param>
public sealed record AcceptedRestore(long Sequence, DateTimeOffset Time, string Actor, AuditRestore Restore);

/// <summary>There is no restore to accept.</summary>
/// <param name="refusal">Why.</param>
/// <param name="message">In words, with what to do.</param>
public sealed class AuditRestoreException(AuditRestoreRefusal refusal, string message) : Exception(message)
{
    public AuditRestoreRefusal Refusal => refusal;
}

/// <summary>Why a restore is not accepted.</summary>
public enum AuditRestoreRefusal
{
    /// <summary>Nothing that was signed is lost.</summary>
    NothingLost,

    /// <summary>Lines were changed, or the signed end is not this server's: that is no older copy.</summary>
    Unsound,

    /// <summary>The copy cannot have ended there.</summary>
    LastKept,

    /// <summary>The trail is being added to too fast.</summary>
    Busy,
}
